/** The head of the library: a dashed box with a large sentence. The whole window accepts drops. */
import { type JSX, Show } from "solid-js";
import { me } from "../api/session.ts";
import { formatLimit } from "../ui/format.ts";
import { chooseFiles } from "../upload/choose.ts";
import { Stored } from "./Stored.tsx";

export function DropHead(): JSX.Element {
  return (
    <section
      aria-labelledby="library-title"
      class="flex flex-col gap-6 border-3 border-dashed border-ink p-5 md:p-8 lg:flex-row lg:items-center lg:justify-between"
    >
      <h1 id="library-title" class="headline text-phone md:text-giant">
        Drop a video.
        <br />
        We do the lifting.
      </h1>
      <div class="flex shrink-0 flex-wrap items-center justify-between gap-4 lg:flex-col lg:items-end">
        <p class="number lg:text-right">
          MP4 MOV MKV WEBM TS AVI
          <br />
          <Show when={me()}>{(user) => `up to ${formatLimit(user().maxUploadBytes)}, `}</Show>
          straight to storage
          <br />
          <Stored />
        </p>
        <button type="button" class="key" onClick={chooseFiles}>
          Choose files
        </button>
      </div>
    </section>
  );
}
