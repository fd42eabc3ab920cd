/** Finds the operation of a request: S3 distinguishes them by method, by level and by query parameters. */
import { S3Error } from "../errors.ts";
import type { S3Request } from "../request.ts";
import { bucketLocation, createBucket, deleteObjects, headBucket } from "./buckets.ts";
import type { Answer, Call } from "./call.ts";
import { copyObject, uploadPartCopy } from "./copies.ts";
import { listObjects } from "./list.ts";
import { listUploads } from "./list-uploads.ts";
import { abortUpload, completeUpload, createUpload, listParts, uploadPart } from "./multipart.ts";
import { deleteObject, getObject, putObject } from "./objects.ts";

export interface Operation {
  name: string;
  run(call: Call): Answer | Promise<Answer>;
}

interface Route extends Operation {
  method: string;
  on: "bucket" | "object";
  /** Query parameters that name the operation. */
  by: string[];
  /** Other query parameters that it supports. */
  takes: string[];
}

const overrides = [
  "content-type",
  "content-language",
  "expires",
  "cache-control",
  "content-disposition",
  "content-encoding",
];
const listing = [
  "prefix",
  "delimiter",
  "max-keys",
  "encoding-type",
  "start-after",
  "continuation-token",
  "fetch-owner",
];
const reading = overrides.map((name) => `response-${name}`);
const uploads = ["prefix", "encoding-type", "max-uploads", "key-marker", "upload-id-marker"];

function route(
  method: string,
  on: Route["on"],
  by: string[],
  run: Route["run"],
  takes: string[] = [],
): Route {
  return { name: run.name, method, on, by, run, takes };
}

/** The most specific ones come first. */
const routes: Route[] = [
  route("HEAD", "bucket", [], headBucket),
  route("PUT", "bucket", [], createBucket),
  route("GET", "bucket", ["list-type"], listObjects, listing),
  route("GET", "bucket", ["uploads"], listUploads, uploads),
  route("GET", "bucket", ["location"], bucketLocation),
  route("POST", "bucket", ["delete"], deleteObjects),
  route("PUT", "object", ["partNumber", "uploadId"], uploadPart),
  route("PUT", "object", [], putObject),
  route("GET", "object", ["uploadId"], listParts, ["max-parts", "part-number-marker"]),
  route("GET", "object", [], getObject, reading),
  route("HEAD", "object", [], getObject, reading),
  route("POST", "object", ["uploads"], createUpload),
  route("POST", "object", ["uploadId"], completeUpload),
  route("DELETE", "object", ["uploadId"], abortUpload),
  route("DELETE", "object", [], deleteObject),
];

/** What becomes of a write whose header names a source. */
const copies = new Map<Route["run"], Route["run"]>([
  [putObject, copyObject],
  [uploadPart, uploadPartCopy],
]);

/**
 * Finds the operation. An unknown parameter (`acl`, `tagging`, `versionId`, …) is NotImplemented: ignoring it
 * would do something else than was asked.
 */
export function findOperation(request: S3Request): Operation {
  const on = request.key === "" ? "bucket" : "object";
  const asked = [...request.query.keys()].filter((name) => !/^(?:x-id|x-amz-.*)$/i.test(name));
  const found = routes.find(
    (one) =>
      one.method === request.method && one.on === on && one.by.every((name) => request.query.has(name)),
  );
  if (request.bucket === "" || !found) throw new S3Error("NotImplemented");
  const unknown = asked.find((name) => !found.by.includes(name) && !found.takes.includes(name));
  if (unknown !== undefined) throw new S3Error("NotImplemented", `The parameter ${unknown} is not offered.`);
  const copy = request.headers.has("x-amz-copy-source") ? copies.get(found.run) : undefined;
  return copy ? { name: copy.name, run: copy } : found;
}
