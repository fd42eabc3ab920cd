/** What an upload link says of itself. */
import type { ShownUploadLink, UploadLinkState } from "@storagex/contract/uploads/upload-links";
import { ApiError } from "../api/api-error.ts";
import { openApi, read } from "../api/client.ts";

/** A state in which nothing can be uploaded; `unknown` to the server, or `off` by its operator. */
export type Refused = Exclude<UploadLinkState, "open"> | "unknown" | "off";
export type ReadLink =
  | { refused: Refused; link?: ShownUploadLink }
  | { refused?: undefined; link: ShownUploadLink };

/** Throws ApiError where the server was not reached. */
export async function readLink(token: string): Promise<ReadLink> {
  try {
    const answer = import("../answers/linked.ts").then((all) => all.shownUploadLink);
    const link = await read(answer, openApi.v1.linked[":token"].$get({ param: { token } }));
    return link.state === "open" ? { link } : { refused: link.state, link };
  } catch (error) {
    const code = error instanceof ApiError ? error.code : "";
    if (code === "upload_link.not_found") return { refused: "unknown" };
    if (code === "sharing.not_allowed") return { refused: "off" };
    throw error;
  }
}
