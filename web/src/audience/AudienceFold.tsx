/** Who watched, behind a fold of the video's page; nothing of it is fetched or drawn before it is opened. */
import type { VideoDetail } from "@storagex/contract/videos/video";
import { createSignal, type JSX, lazy, Show } from "solid-js";
import { t } from "../messages/audience.ts";
import { LoadedPart } from "../ui/LoadedPart.tsx";
import { AudienceSkeleton } from "./AudienceSkeleton.tsx";

const AudienceCharts = lazy(() => import("./AudienceCharts.tsx"));

export function AudienceFold(props: {
  video: VideoDetail;
  /** Plays from there, in seconds. */
  onSeek: (seconds: number) => void;
}): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  return (
    <details class="fold" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="label text-base">{t("audience")}</summary>
      <Show when={isOpen()}>
        <div class="pt-4">
          {/* Its own: waiting must not remove the page and a running player. */}
          <LoadedPart fallback={<AudienceSkeleton />}>
            <AudienceCharts video={props.video} onSeek={props.onSeek} />
          </LoadedPart>
        </div>
      </Show>
    </details>
  );
}
