/** The client for Node. */
import type { Client } from "./create-client.ts";
import { linkClient, type UploadLink } from "./upload/link.ts";
import { type FileOnDisk, pathSource } from "./upload/path-source.ts";
import { blobSource } from "./upload/source.ts";
import {
  type LinkedVideo,
  type LinkUploadOptions,
  type UploadOptions,
  upload,
  type Video,
} from "./upload/upload.ts";

export { type Client, type ClientOptions, createClient, type Schemas } from "./create-client.ts";
export type { components, operations, paths } from "./openapi.ts";
export { expectData, type Problem, ProblemError } from "./problem-error.ts";
export type { UploadLink } from "./upload/link.ts";
export type { FileOnDisk } from "./upload/path-source.ts";
export { FileChangedError } from "./upload/source.ts";
export {
  type LinkedVideo,
  type LinkUploadOptions,
  type UploadOptions,
  type UploadProgress,
  UploadRefusedError,
  type Video,
} from "./upload/upload.ts";
export { verifyWebhook, type WebhookEvent, type WebhookVideo } from "./verify-webhook.ts";

/**
 * Uploads a file straight to the storage, parts side by side, and resolves with its video once all of it is stored.
 * `file` is a path, a `file:` URL, a stream of `fs.createReadStream` or a Blob; in a browser a File or Blob.
 *
 * It outlasts outages of some minutes. A program that was killed calls it again with the same file, options and API
 * key within 24 hours: only what is missing is sent. The video is encoded meanwhile.
 *
 * Rejects with ProblemError (a call was refused), UploadRefusedError (the file is no video that can be read),
 * FileChangedError, or the signal's reason.
 */
export async function uploadFile(
  client: Client,
  file: Blob | FileOnDisk,
  options?: UploadOptions,
): Promise<Video>;
/** The same by an upload link, without an account or a key: `{ url }` is what `POST /v1/upload-links` has answered. */
export async function uploadFile(
  link: UploadLink,
  file: Blob | FileOnDisk,
  options?: LinkUploadOptions,
): Promise<LinkedVideo>;
export async function uploadFile(
  to: Client | UploadLink,
  file: Blob | FileOnDisk,
  options: UploadOptions = {},
): Promise<Video | LinkedVideo> {
  const client = "url" in to ? linkClient(to) : to;
  const source =
    file instanceof Blob ? blobSource(file, options.filename) : await pathSource(file, options.filename);
  return upload(client, source, options);
}
