/** The client for browsers: the same as for Node, except that files are chosen by people and not by path. */
import type { Client } from "./create-client.ts";
import { linkClient, type UploadLink } from "./upload/link.ts";
import { blobSource } from "./upload/source.ts";
import {
  type LinkedVideo,
  type LinkUploadOptions,
  type UploadOptions,
  upload,
  type Video,
} from "./upload/upload.ts";

export { createClient } from "./create-client.ts";
export { expectData, ProblemError } from "./problem-error.ts";
export { FileChangedError } from "./upload/source.ts";
export { UploadRefusedError } from "./upload/upload.ts";
export { verifyWebhook } from "./verify-webhook.ts";

/** As in `node.ts`; `file` is a File or a Blob. */
export async function uploadFile(client: Client, file: Blob, options?: UploadOptions): Promise<Video>;
export async function uploadFile(
  link: UploadLink,
  file: Blob,
  options?: LinkUploadOptions,
): Promise<LinkedVideo>;
export async function uploadFile(
  to: Client | UploadLink,
  file: Blob,
  options: UploadOptions = {},
): Promise<Video | LinkedVideo> {
  if (!(file instanceof Blob)) throw new TypeError("a browser uploads Files and Blobs");
  const client = "url" in to ? linkClient(to) : to;
  return upload(client, blobSource(file, options.filename), options);
}
