/** The calls by which a file is sent by an upload link: the link's token for the ticket, its answer's for the rest. */
import type { LinkedVideo } from "@storagex/contract/videos/video";
import { storedParts } from "../answers/library.ts";
import { linkedTicket, linkedVideo } from "../answers/linked-upload.ts";
import { foundParts, partUrls } from "../answers/uploads.ts";
import { playback } from "../answers/video.ts";
import { ApiError } from "../api/api-error.ts";
import { openApi, read, settle } from "../api/client.ts";
import { throughOutages } from "../api/network.ts";
import type { UploadCalls } from "../upload/send/engine.ts";
import type { RememberedUpload } from "./remembered-upload.ts";

/** The link was revoked: no call by it, or by a token that it gave, helps any more. */
export const isRevoked = (error: unknown): boolean =>
  error instanceof ApiError && error.code === "auth.token_invalid";

/** Not a 401, which is waited for: nobody can sign in here. */
async function finally401<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (isRevoked(error) && error instanceof ApiError)
      throw new ApiError(403, error.code, error.message, error.problem);
    throw error;
  }
}

const by = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

/** `remembered` says which upload it is; `onTicket` gets the token of its video. */
export function linkedCalls(
  link: string,
  remembered: () => RememberedUpload,
  onTicket: (ticket: NonNullable<RememberedUpload["ticket"]>) => void,
): UploadCalls<LinkedVideo> {
  const videos = openApi.v1.videos[":id"];
  const of = (id: string) => ({ param: { id } });
  const own = () => by(remembered().ticket?.token ?? "");
  return {
    async ticket(_file, request, signal) {
      const { key, title } = remembered();
      const json = { ...request, ...(title && { title }) };
      const headers = { ...by(link).headers, "idempotency-key": key };
      // Sent again, also after a reload, it is the same ticket.
      const { video, upload, token } = await throughOutages(
        () => finally401(read(linkedTicket, openApi.v1.videos.$post({ json }, { headers }))),
        signal,
      );
      onTicket({ videoId: video.id, token });
      return { video, upload };
    },
    partUrls: (id, partNumbers) =>
      finally401(read(partUrls, videos.upload.parts.$post({ ...of(id), json: { partNumbers } }, own()))),
    findParts: (id) =>
      finally401(read(foundParts, videos.upload.stored.$post({ ...of(id), json: {} }, own()))),
    stored: (id) => finally401(read(storedParts, videos.upload.parts.$get(of(id), own()))),
    complete: (id) => finally401(read(linkedVideo, videos.complete.$post({ ...of(id), json: {} }, own()))),
    abort: (id) => finally401(settle(videos.upload.$delete(of(id), own()))),
    video: (id) => finally401(read(linkedVideo, videos.$get(of(id), own()))),
  };
}

/** For playing the video of a ticket. */
export const linkedPlayback = ({ videoId, token }: NonNullable<RememberedUpload["ticket"]>) =>
  finally401(read(playback, openApi.v1.videos[":id"].playback.$get({ param: { id: videoId } }, by(token))));
