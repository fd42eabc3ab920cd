/** The dialog of sharing one video: a public page, and links for single people. */

import { A } from "@solidjs/router";
import type { ListedShare } from "@storagex/contract/sharing";
import type { Video } from "@storagex/contract/videos/video";
import { createSignal, type JSX, Show } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import { queryClient } from "../api/cache.ts";
import { listShares } from "../api/calls/sharing.ts";
import { useQuery } from "../api/query.ts";
import { t } from "../messages/sharing.ts";
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
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title={t("share")}>
      <Sharing video={props.video} />
    </Dialog>
  );
}

const keyOf = (video: Video) => ["shares", video.id];

type Listed = { items: ListedShare[] };

export function Sharing(props: { video: Video }): JSX.Element {
  const [freshId, setFreshId] = createSignal<string>();
  let newLink: HTMLHeadingElement | undefined;
  const add = (share: ListedShare) => {
    setFreshId(share.id);
    queryClient.setQueryData<Listed>(keyOf(props.video), (list) => ({
      items: [share, ...(list?.items ?? [])],
    }));
  };
  const drop = (id: string) => {
    queryClient.setQueryData<Listed>(keyOf(props.video), (list) => ({
      items: list?.items.filter((share) => share.id !== id) ?? [],
    }));
    newLink?.focus();
  };
  return (
    <div class="grid gap-6">
      <Visibility video={props.video} />
      <Links video={props.video} freshId={freshId()} onRevoked={drop} />
      <section class="grid gap-4 border-t-3 border-ink pt-6" aria-labelledby="new-link">
        <h3 ref={newLink} id="new-link" tabindex="-1" class="text-title font-bold">
          {t("newLink")}
        </h3>
        <NewShare video={props.video} onMade={add} />
      </section>
      <p class="text-small">
        {t(
          "members",
          <A href="/playback-keys" class="font-bold underline decoration-3 underline-offset-4">
            {t("playbackKeysLink")}
          </A>,
        )}
      </p>
    </div>
  );
}

function Links(props: {
  video: Video;
  freshId: string | undefined;
  onRevoked: (id: string) => void;
}): JSX.Element {
  const shares = useQuery(() => ({
    queryKey: keyOf(props.video),
    queryFn: () => listShares(props.video.id),
  }));
  const items = () => shares.data?.items ?? [];
  return (
    <>
      <Show when={items().length > 0}>
        <section class="grid gap-4 border-t-3 border-ink pt-6" aria-labelledby="links">
          <h3 id="links" class="text-title font-bold">
            {t("links")}
          </h3>
          <ShareList
            video={props.video}
            shares={items()}
            freshId={props.freshId}
            onRevoked={props.onRevoked}
          />
        </section>
      </Show>
      <Show when={shares.isError}>
        <Reason message={reasonOf(shares.error)} />
      </Show>
    </>
  );
}
