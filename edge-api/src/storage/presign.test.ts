/** Compares our signer with the SDK's presigner, byte for byte. */
import { GetObjectCommand, PutObjectCommand, S3Client, UploadPartCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { describe, expect, test } from "vitest";
import { type Endpoint, makeSigner } from "./presign.ts";

const at = new Date("2026-11-24T10:15:00Z");
const life = { at, expires: 3600 };
const base: Endpoint = {
  endpoint: "http://127.0.0.1:9000",
  region: "eu-central-1",
  bucket: "storagex",
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const sdkOf = (endpoint: Endpoint) =>
  new S3Client({
    endpoint: endpoint.endpoint,
    region: endpoint.region,
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    credentials: { accessKeyId: endpoint.accessKeyId, secretAccessKey: endpoint.secretAccessKey },
  });
const options = { signingDate: at, expiresIn: 3600 };
const ENDPOINTS = ["http://127.0.0.1:9000", "https://s3.example.org", "https://store.example.org/gateway"];
const KEYS = ["raw/user_a-B_9/v1/source", "processed/user_x/y/1/t-1/odd (name)'!*+&=?#ü.mp4"];

describe.each(ENDPOINTS)("signed for %s", (url) => {
  const endpoint = { ...base, endpoint: url };
  const sdk = sdkOf(endpoint);
  const signer = makeSigner(endpoint);

  test.each(KEYS)("GET of %s", async (Key) => {
    const command = new GetObjectCommand({
      Bucket: base.bucket,
      Key,
      ResponseCacheControl: "private, max-age=3600",
      ResponseContentType: "video/mp4",
    });
    const ours = await signer.get(Key, life, {
      "response-cache-control": "private, max-age=3600",
      "response-content-type": "video/mp4",
    });
    expect(ours).toBe(await getSignedUrl(sdk, command, options));
  });

  test.each(KEYS)("PUT of %s, without a checksum of nothing", async (Key) => {
    const ours = await signer.put(Key, life);
    expect(ours).toBe(await getSignedUrl(sdk, new PutObjectCommand({ Bucket: base.bucket, Key }), options));
    expect(ours).not.toMatch(/checksum/i);
  });

  test.each(KEYS)("one part of %s, bound to its length", async (Key) => {
    const UploadId = "a/b+c=d~e";
    const command = new UploadPartCommand({
      Bucket: base.bucket,
      Key,
      UploadId,
      PartNumber: 7,
      ContentLength: 16_777_216,
    });
    const ours = await signer.part({ key: Key, uploadId: UploadId, number: 7, length: 16_777_216 }, life);
    expect(ours).toContain("SignedHeaders=content-length%3Bhost");
    expect(ours).toBe(await getSignedUrl(sdk, command, options));
  });
});

test("the day key follows the day", async () => {
  const signer = makeSigner(base);
  const command = new GetObjectCommand({ Bucket: base.bucket, Key: "k" });
  for (const day of ["2026-11-24", "2026-11-25", "2026-11-24"]) {
    const at = new Date(`${day}T23:59:59Z`);
    const ours = await signer.get("k", { at, expires: 60 });
    expect(ours).toBe(await getSignedUrl(sdkOf(base), command, { signingDate: at, expiresIn: 60 }));
  }
});
