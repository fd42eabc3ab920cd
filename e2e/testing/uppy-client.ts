/** A client of somebody else's: Uppy's S3 plugin over our API. Bundled for a page, which calls it. */
import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";

/** Of our answers what such a client reads. */
type Ticket = { video: { id: string }; upload: { partSize: number } };
type PartUrls = { parts: { partNumber: number; url: string }[] };
type Stored = { parts: { partNumber: number; size: number; etag: string }[] };

async function call<T>(token: string, method: string, path: string, body?: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await fetch(`/v1/videos${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Uploads `file`; returns the video's id. */
async function uploadWithUppy(token: string, file: File): Promise<string> {
  const ticket = await call<Ticket>(token, "POST", "", {
    ...{ filename: file.name, size: file.size, contentType: "video/mp4" },
  });
  const { id } = ticket.video;
  const uppy = new Uppy();
  uppy.use(AwsS3, {
    shouldUseMultipart: true,
    getChunkSize: () => ticket.upload.partSize,
    createMultipartUpload: async () => ({ key: id, uploadId: id }),
    signPart: async (_file, { partNumber }) => {
      const { parts } = await call<PartUrls>(token, "POST", `/${id}/upload/parts`, {
        partNumbers: [partNumber],
      });
      return { method: "PUT", url: parts[0]?.url ?? "" };
    },
    listParts: async () => {
      const { parts } = await call<Stored>(token, "GET", `/${id}/upload/parts`);
      return parts.map(({ partNumber, size, etag }) => ({ PartNumber: partNumber, Size: size, ETag: etag }));
    },
    completeMultipartUpload: async (_file, { parts }) => {
      await call(token, "POST", `/${id}/complete`, { parts });
      return {};
    },
    abortMultipartUpload: async () => {},
  });
  uppy.addFile({ name: file.name, type: file.type, data: file });
  const result = await uppy.upload();
  const [failed] = result?.failed ?? [];
  if (failed) throw new Error(failed.error ?? "Uppy has failed");
  return id;
}

Reflect.set(globalThis, "uploadWithUppy", uploadWithUppy);
