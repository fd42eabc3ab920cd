/** The entries of a card's menu: only what works for its video now. */
import type { Video } from "@storagex/contract/videos/video";
import { t as common } from "../../messages/common.ts";
import { t } from "../../messages/library.ts";
import { isShareable, mayRetry } from "../../video/may.ts";
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
    { label: t("rename"), run: acts.onRename },
    { label: t("tags"), run: acts.onTags },
    isShareable(video) && { label: t("share"), run: acts.onShare },
    { label: t("copyLink"), run: () => perform(() => copyLink(video)) },
    video.status === "completed" && { label: t("downloadMp4"), run: () => perform(() => download(video)) },
    mayRetry(video) && { label: common("retry"), run: () => perform(() => retry(video)) },
    { label: t("select"), run: acts.onSelect },
    { label: common("delete"), run: () => perform(() => remove([video])), isLoss: true },
  ];
  return items.filter((item) => item !== false);
}
