/** The renditions with their bitrates as bars; the numbers are beside them. */
import { codecName } from "@storagex/contract/formats/codecs";
import type { VideoDetail } from "@storagex/contract/video";
import { For, type JSX, Show } from "solid-js";
import { formatBitrate, formatSize } from "../ui/format.ts";

export function Renditions(props: { video: VideoDetail }): JSX.Element {
  const rungs = () => props.video.renditions.toSorted((a, b) => b.height * b.width - a.height * a.width);
  const most = () => Math.max(1, ...rungs().map(({ bitrate }) => bitrate ?? 0));
  const ssim = (name: string) =>
    props.video.quality?.renditions.find((each) => each.name === name)?.ssim ?? null;
  return (
    <section aria-labelledby="renditions-title" class="frame grid gap-4 p-4 shadow-drop">
      <h2 id="renditions-title" class="label text-base">
        Renditions
      </h2>
      <ul class="grid gap-4">
        <For each={rungs()}>
          {(rung) => (
            <li class="grid gap-1.5">
              <span class="number flex flex-wrap justify-between gap-x-3">
                <span class="font-bold">{rung.name}</span>
                <span>{rung.bitrate === null ? "being made" : formatBitrate(rung.bitrate)}</span>
              </span>
              <span class="block h-4 border-3 border-ink" aria-hidden="true">
                <Show when={rung.bitrate} fallback={<span class="hatch block h-full" />}>
                  {(bitrate) => (
                    <span class="block h-full bg-ink" style={{ width: `${(bitrate() / most()) * 100}%` }} />
                  )}
                </Show>
              </span>
              <span class="number text-mute">
                {[
                  rung.width > 0 ? `${rung.width}×${rung.height}` : "",
                  codecName(rung.codec),
                  rung.copied ? "copied from the source" : "",
                  rung.size === null ? "" : formatSize(rung.size),
                  ssim(rung.name) === null ? "" : `SSIM ${ssim(rung.name)?.toFixed(3)}`,
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}
