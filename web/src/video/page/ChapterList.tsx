/** The chapters as a list; a press plays from there, and the one that plays is marked. */

import { chapterAt } from "@storagex/contract/videos/chapters";
import type { Chapter } from "@storagex/contract/videos/video-fields";
import { Index, type JSX } from "solid-js";
import { t } from "../../messages/video.ts";
import type { Remote } from "../../player/remote.ts";
import { formatClock } from "../../ui/format.ts";

export function ChapterList(props: { chapters: readonly Chapter[]; remote: Remote }): JSX.Element {
  const now = () => {
    const time = props.remote.time();
    return time === null ? -1 : chapterAt(props.chapters, time);
  };
  return (
    <section aria-labelledby="chapters-title" class="grid gap-2">
      <h2 id="chapters-title" class="label text-base">
        {t("chapters")}
      </h2>
      <ol class="chapters">
        <Index each={props.chapters}>
          {(chapter, at) => (
            <li>
              <button
                type="button"
                class="chapter"
                aria-current={at === now() ? "true" : undefined}
                onClick={() => props.remote.seek(chapter().start)}
              >
                <span class="number">{formatClock(chapter().start)}</span>
                <span dir="auto" class="min-w-0 wrap-anywhere">
                  {chapter().title}
                </span>
              </button>
            </li>
          )}
        </Index>
      </ol>
    </section>
  );
}
