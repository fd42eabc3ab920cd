/** To whom files are uploaded: to the account that one is signed in to, or to that of an upload link. */
import {
  createClient,
  type LinkedVideo,
  type UploadOptions,
  type UploadProgress,
  uploadFile,
  type Video,
} from "@storagex/client";
import { openSession, type Session } from "./session.ts";
import { fieldsOf, type VideoOptions } from "./video-options.ts";

export type Sent = Video | LinkedVideo;

export type UploadTarget = {
  send(file: string, options: Pick<UploadOptions, "onProgress" | "signal">): Promise<Sent>;
  /** Who may ask for the video whose upload has reported `progress`. */
  sessionFor(progress: UploadProgress | undefined): Session;
  /** The page of a video; undefined where its uploader has none. */
  pageOf(id: string): string | undefined;
};

/** Throws where nobody has signed in. */
export async function ownAccount(options: VideoOptions): Promise<UploadTarget> {
  const session = await openSession();
  return {
    send: (file, more) => uploadFile(session.client, file, { ...fieldsOf(options), ...more }),
    sessionFor: () => session,
    pageOf: (id) => `${session.url}/videos/${id}`,
  };
}

/** `url` is the link's address. */
export function uploadLink(url: string, { title }: VideoOptions): UploadTarget {
  const baseUrl = url.slice(0, url.lastIndexOf("/u/"));
  return {
    send: (file, more) => uploadFile({ url }, file, { ...(title !== undefined && { title }), ...more }),
    sessionFor: (progress) => ({
      client: createClient({ baseUrl, apiKey: progress?.token ?? "" }),
      url: baseUrl,
    }),
    pageOf: () => undefined,
  };
}
