/** How much of an unfinished upload is stored: known after a reload, too. */

import type { Video } from "@storagex/contract/videos/video";
import type { Accessor } from "solid-js";
import { getStoredParts } from "../api/calls/unfinished-uploads.ts";
import { useQuery } from "../api/query.ts";
import { t } from "../messages/status.ts";
import { formatPercent } from "../ui/format.ts";
import type { StatusWords } from "../ui/StatusBar.tsx";
import { uploadOf } from "../upload/store.ts";

/** Bytes; undefined until they are known, and for what is no unfinished upload. */
export function createStoredBytes(video: Accessor<Video>): Accessor<number | undefined> {
  const isUnfinished = () =>
    video().status === "pending_upload" && video().origin === "upload" && !uploadOf(video().id);
  const stored = useQuery(() => ({
    queryKey: ["stored", video().id],
    queryFn: () => getStoredParts(video().id),
    enabled: isUnfinished(),
  }));
  return () => (isUnfinished() ? stored.data?.parts.reduce((sum, { size }) => sum + size, 0) : undefined);
}

export function unfinishedStatus(stored: number, size: number): StatusWords {
  const fraction = stored / size;
  return {
    tone: "signal",
    left: t("unfinishedAt", formatPercent(fraction)),
    right: t("chooseFile"),
    icon: "plus",
    fraction,
  };
}
