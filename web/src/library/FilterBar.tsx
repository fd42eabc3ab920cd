/** Search and status; both are in the URL, so that a filtered library can be linked. */
import { VIDEO_STATUSES, type VideoStatus } from "@storagex/contract/video";
import { createSignal, For, type JSX, onCleanup } from "solid-js";
import type { Filter } from "../api/videos.ts";

const NAMES: Record<VideoStatus, string> = {
  pending_upload: "Uploading",
  queued: "Queued",
  processing: "Encoding",
  completed: "Ready",
  failed: "Failed",
};

const statusNamed = (text: string | string[] | undefined): VideoStatus | undefined =>
  VIDEO_STATUSES.find((status) => status === text);

/** The filter that a URL names; invalid values are left out. */
export function filterIn(search: Partial<Record<string, string | string[]>>): Filter {
  const status = statusNamed(search.status);
  const q = typeof search.q === "string" ? search.q.slice(0, 200) : "";
  return { ...(status ? { status } : {}), ...(q ? { q } : {}) };
}

/** The filter as URL parameters. */
export const filterOut = ({ status, q }: Filter) => ({ status: status ?? null, q: q || null });

export function FilterBar(props: { filter: Filter; onChange: (filter: Filter) => void }): JSX.Element {
  const [timer, setTimer] = createSignal<ReturnType<typeof setTimeout>>();
  onCleanup(() => clearTimeout(timer()));
  const search = (words: string) => {
    clearTimeout(timer());
    setTimer(setTimeout(() => props.onChange({ ...props.filter, q: words.trim() }), 250));
  };
  return (
    <search>
      <form class="grid gap-3 sm:grid-cols-[1fr_200px]" onSubmit={(event) => event.preventDefault()}>
        <input
          type="search"
          name="q"
          aria-label="Search by title or file name"
          placeholder="Search by title or file name"
          maxlength="200"
          value={props.filter.q ?? ""}
          onInput={(event) => search(event.currentTarget.value)}
          class="frame min-h-11 w-full min-w-0 px-3"
        />
        <select
          name="status"
          aria-label="Status"
          class="frame label min-h-11 w-full px-3"
          onChange={(event) => {
            const { status: _status, ...rest } = props.filter;
            const status = statusNamed(event.currentTarget.value);
            props.onChange(status ? { ...rest, status } : rest);
          }}
        >
          <option value="" selected={props.filter.status === undefined}>
            All videos
          </option>
          <For each={VIDEO_STATUSES}>
            {(status) => (
              <option value={status} selected={props.filter.status === status}>
                {NAMES[status]}
              </option>
            )}
          </For>
        </select>
      </form>
    </search>
  );
}
