/** The dialog of sharing one video: a public page, and links for single people. */
import type { Video } from "@storagex/contract/video";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { type JSX, Show } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import { listShares } from "../api/sharing.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Reason } from "../ui/Reason.tsx";
import { NewShare } from "./NewShare.tsx";
import { ShareList } from "./ShareList.tsx";
import { Visibility } from "./Visibility.tsx";

export function ShareVideo(props: {
  video: Video;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}): JSX.Element {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title="Share">
      <Sharing video={props.video} />
    </Dialog>
  );
}

function Sharing(props: { video: Video }): JSX.Element {
  const cache = useQueryClient();
  const key = () => ["shares", props.video.id];
  const shares = useQuery(() => ({ queryKey: key(), queryFn: () => listShares(props.video.id) }));
  const refresh = () => void cache.invalidateQueries({ queryKey: key() });
  return (
    <div class="grid gap-8">
      <Visibility video={props.video} />
      <section class="grid gap-4" aria-labelledby="new-link">
        <h3 id="new-link" class="text-title font-bold">
          New link
        </h3>
        <NewShare video={props.video} onMade={refresh} />
      </section>
      <Show when={(shares.data?.items.length ?? 0) > 0}>
        <section class="grid gap-4" aria-labelledby="links">
          <h3 id="links" class="text-title font-bold">
            Links
          </h3>
          <ShareList video={props.video} shares={shares.data?.items ?? []} onRevoked={refresh} />
        </section>
      </Show>
      <Show when={shares.isError}>
        <Reason message={reasonOf(shares.error)} />
      </Show>
    </div>
  );
}
