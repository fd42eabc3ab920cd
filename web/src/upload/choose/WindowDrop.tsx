/**
 * The whole window accepts files: while something is dragged over it, the page turns to the signal colour.
 */
import { createSignal, type JSX, onCleanup, onMount, Show } from "solid-js";
import { Portal } from "solid-js/web";
import { t } from "../../messages/upload.ts";
import type { ChosenFile } from "../store.ts";

export function WindowDrop(props: {
  /** `folders` are the names of those that were dropped: nothing in them is taken. */
  onFiles: (files: ChosenFile[], folders: string[]) => void;
  /** Whether leaving the page now would interrupt an upload. */
  isSending: () => boolean;
}): JSX.Element {
  const [over, setOver] = createSignal(false);
  onMount(() => {
    const ended = new AbortController();
    const { signal } = ended;
    // Enter and leave fire for every element on the way: only their balance shows whether the file is still
    // over the page.
    let depth = 0;
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const turn = (by: number) => {
      depth = Math.max(0, depth + by);
      setOver(depth > 0);
    };
    window.addEventListener("dragenter", (event) => hasFiles(event) && turn(1), { signal });
    window.addEventListener("dragleave", (event) => hasFiles(event) && turn(-1), { signal });
    window.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault(), { signal });
    window.addEventListener(
      "drop",
      (event) => {
        turn(-depth);
        if (!hasFiles(event)) return;
        event.preventDefault();
        // Read at once: after the event the list is empty.
        const items = [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === "file");
        const folders = items.filter(isFolder).map((item) => item.getAsFile()?.name ?? "");
        void filesOf(items.filter((item) => !isFolder(item))).then((files) => props.onFiles(files, folders));
      },
      { signal },
    );
    window.addEventListener("beforeunload", (event) => props.isSending() && event.preventDefault(), {
      signal,
    });
    onCleanup(() => ended.abort());
  });
  return (
    <Show when={over()}>
      <Portal>
        <div class="dropping">
          <p class="headline text-[clamp(3.5rem,15vw,13rem)]">{t("letGo")}</p>
        </div>
      </Portal>
    </Show>
  );
}

/** The dropped files, with their handles where the browser gives them: those survive a reload. */
function filesOf(items: readonly DataTransferItem[]): Promise<ChosenFile[]> {
  return Promise.all(
    items.flatMap((item) => {
      const file = item.getAsFile();
      if (!file) return [];
      const handle = item.getAsFileSystemHandle?.().catch(() => null) ?? Promise.resolve(null);
      return [
        // By its kind: on plain http there is no class `FileSystemFileHandle` to ask.
        handle.then((found) => (isFileHandle(found) ? { file, handle: found } : { file })),
      ];
    }),
  );
}

/** As a file it would have a name and a size, and no content. */
const isFolder = (item: DataTransferItem): boolean => item.webkitGetAsEntry()?.isDirectory === true;

const isFileHandle = (handle: FileSystemHandle | null): handle is FileSystemFileHandle =>
  handle?.kind === "file";
