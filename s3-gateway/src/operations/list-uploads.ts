/** ListMultipartUploads: the open uploads of a bucket, in pages. */
import { requireBucket } from "../store/store.ts";
import { listUploadRows } from "../store/uploads.ts";
import { renderXml } from "../xml.ts";
import type { Answer, Call } from "./call.ts";
import { readEncoding, readLimit } from "./list.ts";

export function listUploads({ request, store }: Call): Answer {
  const { bucket, query } = request;
  requireBucket(store, bucket);
  const prefix = query.get("prefix") ?? "";
  const encode = readEncoding(query.get("encoding-type"));
  const limit = readLimit(query.get("max-uploads"), "max-uploads");
  const afterKey = query.get("key-marker") ?? "";
  // Without an upload id, the marker skips all uploads of its key: "~" sorts after every id.
  const afterId = query.get("upload-id-marker") ?? "~";
  const found = listUploadRows(store, { bucket, prefix, afterKey, afterId, limit: limit + 1 });
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  const xml = renderXml("ListMultipartUploadsResult", {
    Bucket: bucket,
    KeyMarker: encode(afterKey),
    UploadIdMarker: query.get("upload-id-marker") ?? "",
    NextKeyMarker: last && encode(last.key),
    NextUploadIdMarker: last?.id,
    Prefix: encode(prefix),
    EncodingType: query.get("encoding-type"),
    MaxUploads: limit,
    IsTruncated: last !== undefined,
    Upload: page.map((upload) => ({
      Key: encode(upload.key),
      UploadId: upload.id,
      StorageClass: "STANDARD",
      Initiated: new Date(upload.created).toISOString(),
    })),
  });
  return { status: 200, xml };
}
