/** Which files are taken: those that may be a video. Whether they are one, the server finds out. */
import { ticketRequestSchema } from "@storagex/contract/upload";
import { formatLimit, formatSize } from "../ui/format.ts";

const TYPE = ticketRequestSchema.shape.contentType;
const ENDING = /\.(mp4|m4v|mov|mkv|webm|avi|ts|mts|m2ts|mpg|mpeg|vob|wmv|flv|3gp|ogv|mxf|mj2|asf)$/i;

/** For `<input type="file" accept>`. */
export const ACCEPT = "video/*,.mkv,.mts,.m2ts,.ts,.mxf,.flv,.avi,.ogv,.vob";

/** The content type to declare; browsers know none for many containers. */
export function contentTypeOf(type: string | undefined): string {
  const declared = TYPE.safeParse(type);
  return declared.success ? declared.data.toLowerCase() : "application/octet-stream";
}

/** Why a file is not taken, or undefined. `limit` in bytes; undefined while the server has not said it. */
export function refusal(
  file: { name: string; type: string; size: number },
  limit: number | undefined,
): string | undefined {
  if (file.size === 0) return `${file.name} is empty: it holds no bytes.`;
  if (limit !== undefined && file.size > limit)
    return `${file.name} is too large: it has ${formatSize(file.size)}, and up to ${formatLimit(limit)} are taken here.`;
  const claims = file.type === "" || TYPE.safeParse(file.type).success || ENDING.test(file.name);
  return claims ? undefined : `${file.name} is not a video. Take an MP4, MOV, MKV, WebM, TS or AVI file.`;
}
