/** Facts, renditions and plots behind one fold; nothing of them is fetched or drawn before it is opened. */
import type { VideoDetail } from "@storagex/contract/videos/video";
import { createSignal, type JSX, Show, Suspense } from "solid-js";
import { t } from "../../messages/video.ts";
import { Facts } from "./Facts.tsx";
import { Statistics } from "./Statistics.tsx";

export function Numbers(props: { video: VideoDetail }): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  return (
    <details class="fold" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="label text-base">{t("statistics")}</summary>
      <Show when={isOpen()}>
        <div class="grid grid-cols-[minmax(0,1fr)] gap-8 pt-4">
          <Facts video={props.video} />
          <Show when={props.video.status === "completed"}>
            {/* Its own Suspense: waiting for the numbers must not remove the page and a running player. */}
            <Suspense fallback={<div class="hatch h-80 border-3 border-ink" aria-hidden="true" />}>
              <Statistics video={props.video} />
            </Suspense>
          </Show>
        </div>
      </Show>
    </details>
  );
}
