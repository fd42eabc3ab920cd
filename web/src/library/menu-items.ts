/** The entries of a card's menu: only what works for its video now. */
import type { Video } from "@storagex/contract/video";
import { mayRetry } from "../video/may-retry.ts";
import type { MenuItem } from "./CardMenu.tsx";
import { copyLink, download, perform, remove, retry } from "./card-acts.ts";

export type MenuActs = {
  onRename: () => void;
  onTags: () => void;
  onShare: () => void;
  onSelect: () => void;
};

export function menuItems(video: Video, acts: MenuActs): MenuItem[] {
  const items: (MenuItem | false)[] = [
    { label: "Rename", run: acts.onRename },
    { label: "Tags", run: acts.onTags },
    { label: "Share", run: acts.onShare },
    { label: "Copy link", run: () => perform(() => copyLink(video)) },
    video.status === "completed" && { label: "Download MP4", run: () => perform(() => download(video)) },
    mayRetry(video) && { label: "Try again", run: () => perform(() => retry(video)) },
    { label: "Select", run: acts.onSelect },
    { label: "Delete", run: () => perform(() => remove([video])), isLoss: true },
  ];
  return items.filter((item) => item !== false);
}
