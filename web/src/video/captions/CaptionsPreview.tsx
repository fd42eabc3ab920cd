/** The first cues of a file as they will be shown, and what had to be repaired in it. */
import { vttClock } from "@storagex/contract/webvtt/clock";
import { createUniqueId, For, type JSX, Show } from "solid-js";
import { repairText } from "../../messages/of-api.ts";
import { t } from "../../messages/video.ts";
import { Reason } from "../../ui/Reason.tsx";
import { previewOf, type ReadFile, wordsOf } from "./captions-file.ts";

export function CaptionsPreview(props: { file: ReadFile; language: string }): JSX.Element {
  const id = createUniqueId();
  return (
    <Show when={props.file.fault === undefined} fallback={<Reason message={props.file.fault ?? ""} />}>
      <section aria-labelledby={id} class="grid gap-2">
        <h3 id={id} class="label">
          {t("preview")} · <span aria-live="polite">{t("cues", props.file.cues.length)}</span>
        </h3>
        <ol class="border-3 border-ink">
          <For each={previewOf(props.file.cues)}>
            {(cue) => (
              <li class="grid gap-1 border-t-3 border-ink p-3 first:border-t-0">
                <span class="number text-mute">
                  {vttClock(cue.start)} → {vttClock(cue.end)}
                </span>
                <span
                  lang={props.language || undefined}
                  dir="auto"
                  class="whitespace-pre-line break-words font-bold"
                >
                  {wordsOf(cue)}
                </span>
              </li>
            )}
          </For>
        </ol>
        <Show when={props.file.mended.length > 0}>
          <h3 class="label mt-2">{t("repaired")}</h3>
          <ul class="grid gap-2 border-l-[6px] border-ink pl-3">
            <For each={props.file.mended}>
              {(repair) => (
                <li>
                  {repairText(repair)}{" "}
                  <span class="number whitespace-nowrap text-mute">
                    {repair.count === 1
                      ? t("repairedAt", repair.line)
                      : t("repairedTimes", repair.count, repair.line)}
                  </span>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </section>
    </Show>
  );
}
