/** The tab's title says how far the uploads are, whatever page sets it: `(43%) Library · StorageX`. */
import { createEffect, onCleanup, onMount } from "solid-js";
import { formatPercent } from "../../ui/format.ts";
import { uploads } from "../store.ts";

/** As `formatPercent` writes it in any language. */
const PREFIX = /^\(\d+\s?%\) /;

export function followTabTitle(): void {
  const prefix = () => {
    const running = uploads.filter(({ state }) => state !== "failed" && state !== "missing");
    const size = running.reduce((sum, upload) => sum + upload.size, 0);
    if (size === 0) return "";
    return `(${formatPercent(running.reduce((sum, upload) => sum + upload.sent, 0) / size)}) `;
  };
  const write = () => {
    const title = prefix() + document.title.replace(PREFIX, "");
    if (title !== document.title) document.title = title;
  };
  createEffect(write);
  onMount(() => {
    const observer = new MutationObserver(write);
    observer.observe(document.head, { subtree: true, childList: true, characterData: true });
    onCleanup(() => {
      observer.disconnect();
      document.title = document.title.replace(PREFIX, "");
    });
  });
}
