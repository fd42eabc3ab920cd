/** The steps of a multipart upload that several cases need. */
import { CompleteMultipartUploadCommand, CreateMultipartUploadCommand } from "@aws-sdk/client-s3";
import type { Wire } from "./wire.ts";

/** The smallest part that may have another after it. */
export const partSize = 5 * 1024 ** 2;

export interface Begun {
  Bucket: string;
  Key: string;
  UploadId: string;
}

/** Begins an upload of a video under a key of this run. */
export async function begin(wire: Wire, name: string): Promise<Begun> {
  const at = wire.at(wire.key(name));
  const { UploadId = "" } = await wire.sdk.send(
    new CreateMultipartUploadCommand({ ...at, ContentType: "video/mp4" }),
  );
  return { ...at, UploadId };
}

export function complete(wire: Wire, upload: Begun, Parts: { PartNumber: number; ETag: string }[]) {
  return wire.sdk.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
}
