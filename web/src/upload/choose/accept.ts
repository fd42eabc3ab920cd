/** Which files are accepted: those that may be a video. The server finds out whether they are one. */
import { CONTENT_TYPES, FILE_ENDINGS } from "@storagex/contract/formats/containers";
import { essenceOf, mayBeVideo } from "@storagex/contract/formats/content-type";
import { t } from "../../messages/upload.ts";
import { formatLimit, formatSize } from "../../ui/format.ts";

/** For `<input type="file" accept>`: with file endings, because browsers know no type for many containers. */
export const ACCEPT = ["video/*", ...FILE_ENDINGS.map((ending) => `.${ending}`)].join(",");

/**
 * The content type to declare for the ticket, or none: browsers misname files such as `.ts`, which are
 * accepted by their ending.
 */
export const declaredType = (type: string | undefined): { contentType?: string } =>
  type && mayBeVideo(type) ? { contentType: type } : {};

/** Whether the browser or the name says that the file may be a video, or neither says anything. */
function claims({ name, type }: { name: string; type: string }): boolean {
  const essence = essenceOf(type);
  const ending = /\.([^.]+)$/.exec(name.toLowerCase())?.[1] ?? "";
  return (
    essence === "" ||
    essence.startsWith("video/") ||
    CONTENT_TYPES.includes(essence) ||
    FILE_ENDINGS.includes(ending)
  );
}

/** Why a file is refused, or undefined. `limit` in bytes; undefined until the server has reported it. */
export function refusal(
  file: { name: string; type: string; size: number },
  limit: number | undefined,
): string | undefined {
  if (file.size === 0) return t("empty", file.name);
  if (limit !== undefined && file.size > limit)
    return t("tooLarge", file.name, formatSize(file.size), formatLimit(limit));
  return claims(file) ? undefined : t("notVideo", file.name);
}
