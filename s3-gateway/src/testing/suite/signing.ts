/** Cases: a request is accepted only as it was signed, with a known key, and before it expires. */
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { beforeAll, expect, it } from "vitest";
import { presign, signHeaders } from "../oracle.ts";
import { Wire } from "./wire.ts";

const minutes = (count: number): Date => new Date(Date.now() + count * 60_000);

export function signingCases(wire: Wire): void {
  const key = wire.key("signed");
  const other = wire.key("other");
  beforeAll(async () => {
    await wire.sdk.send(new PutObjectCommand({ ...wire.at(key), Body: "mine" }));
    await wire.sdk.send(new PutObjectCommand({ ...wire.at(other), Body: "not yours" }));
  });
  acceptedCases(wire, key);
  tamperedCases(wire, key);
  outsiderCases(wire, key);
  timeCases(wire, key);
  payloadCases(wire);
}

function acceptedCases(wire: Wire, key: string): void {
  it("takes what AWS's own signer signs, in the header and in the query", async () => {
    expect((await wire.send({ method: "GET", key })).body.toString()).toBe("mine");
    expect((await wire.sendPresigned({ method: "GET", key })).body.toString()).toBe("mine");
    expect((await wire.sendPresigned({ method: "HEAD", key })).status).toBe(200);
  });

  it("takes a presigned PUT and POST and DELETE", async () => {
    const fresh = wire.key("presigned put");
    expect((await wire.sendPresigned({ method: "PUT", key: fresh, body: "hello" })).status).toBe(200);
    const begun = await wire.sendPresigned({ method: "POST", key: fresh, query: { uploads: "" } });
    expect(begun.body.toString()).toContain("<UploadId>");
    const uploadId = /<UploadId>(.*?)<\/UploadId>/.exec(begun.body.toString())?.[1] ?? "";
    expect((await wire.sendPresigned({ method: "DELETE", key: fresh, query: { uploadId } })).status).toBe(
      204,
    );
    expect((await wire.sendPresigned({ method: "DELETE", key: fresh })).status).toBe(204);
    expect(await wire.exists(fresh)).toBe(false);
  });
}

function tamperedCases(wire: Wire, key: string): void {
  const tampered: [string, (url: string) => string][] = [
    ["key", (url) => url.replace("/signed?", "/other?")],
    ["query", (url) => `${url}&response-content-type=text%2Fhtml`],
    ["expiry", (url) => url.replace("X-Amz-Expires=300", "X-Amz-Expires=3000")],
    [
      "signature",
      (url) => url.replace(/Signature=(.)/, (_, digit) => `Signature=${digit === "0" ? "1" : "0"}`),
    ],
  ];
  it.each(tampered)("refuses a presigned URL whose %s was altered", async (_what, alter) => {
    const signed = await presign(wire.target, { method: "GET", key });
    const altered = { ...signed, url: alter(signed.url) };
    expect(altered.url).not.toBe(signed.url);
    const reply = await wire.raw(altered);
    expect([reply.status, reply.code]).toEqual([403, "SignatureDoesNotMatch"]);
  });

  it("refuses another method than the signed one", async () => {
    const signed = await presign(wire.target, { method: "GET", key });
    for (const method of ["HEAD", "PUT", "DELETE", "POST"]) {
      const reply = await wire.raw({ ...signed, method });
      expect([method, reply.status >= 400]).toEqual([method, true]);
    }
    expect(await wire.exists(key)).toBe(true);
  });

  it("refuses a header-signed request whose path, query or signed header was altered", async () => {
    const signed = await signHeaders(wire.target, { method: "GET", key, headers: { "x-amz-meta-a": "1" } });
    const otherPath = await wire.raw({ ...signed, url: signed.url.replace("/signed", "/other") });
    const otherQuery = await wire.raw({ ...signed, url: `${signed.url}?response-expires=0` });
    const otherHeader = await wire.raw({ ...signed, headers: { ...signed.headers, "x-amz-meta-a": "2" } });
    for (const reply of [otherPath, otherQuery, otherHeader])
      expect(reply.code).toBe("SignatureDoesNotMatch");
  });

  it("refuses an x-amz- header that was added after signing", async () => {
    const signed = await presign(wire.target, { method: "PUT", key });
    const reply = await wire.raw(
      { ...signed, headers: { ...signed.headers, "x-amz-copy-source": "a/b" } },
      "x",
    );
    expect(reply.status).toBe(403);
  });
}

function outsiderCases(wire: Wire, key: string): void {
  it("refuses a wrong secret", async () => {
    const outsider = new Wire({ ...wire.target, secretAccessKey: `${wire.target.secretAccessKey}x` });
    for (const reply of [
      await outsider.send({ method: "GET", key }),
      await outsider.sendPresigned({ method: "GET", key }),
    ]) {
      expect([reply.status, reply.code]).toEqual([403, "SignatureDoesNotMatch"]);
    }
  });

  it("refuses an unknown access key", async () => {
    const outsider = new Wire({ ...wire.target, accessKeyId: "nobody-we-know" });
    for (const reply of [
      await outsider.send({ method: "GET", key }),
      await outsider.sendPresigned({ method: "GET", key }),
    ]) {
      expect([reply.status, reply.code]).toEqual([403, "InvalidAccessKeyId"]);
    }
  });

  it("refuses a signature made for another region", async () => {
    const outsider = new Wire({ ...wire.target, region: "mars-north-1" });
    const reply = await outsider.send({ method: "GET", key });
    expect([400, 403]).toContain(reply.status);
    expect(reply.body.toString()).not.toContain("mine");
  });
}

function timeCases(wire: Wire, key: string): void {
  it("refuses an expired URL and takes it a moment before", async () => {
    const fresh = await wire.sendPresigned({ method: "GET", key, at: minutes(-4.5) }, 300);
    expect(fresh.status).toBe(200);
    const expired = await wire.sendPresigned({ method: "GET", key, at: minutes(-5.1) }, 300);
    expect([expired.status, expired.code]).toEqual([403, "AccessDenied"]);
  });

  it("refuses a URL that lives longer than a week", async () => {
    const signed = await presign(wire.target, { method: "GET", key }, 604_800);
    const reply = await wire.raw({ ...signed, url: signed.url.replace("Expires=604800", "Expires=604801") });
    expect(reply.status).toBeGreaterThanOrEqual(400);
  });

  it("refuses a header signature more than 15 minutes off, either way", async () => {
    for (const at of [minutes(-16), minutes(16)]) {
      const reply = await wire.send({ method: "GET", key, at });
      expect([reply.status, reply.code]).toEqual([403, "RequestTimeTooSkewed"]);
    }
    expect((await wire.send({ method: "GET", key, at: minutes(-14) })).status).toBe(200);
  });

  it("says its time in every answer, so that clients can see a wrong clock", async () => {
    const reply = await wire.send({ method: "GET", key });
    expect(Math.abs(Date.parse(reply.headers.date ?? "") - Date.now())).toBeLessThan(60_000);
  });
}

function payloadCases(wire: Wire): void {
  it("refuses a body that is not the signed one, and stores nothing", async () => {
    const key = wire.key("swapped");
    const signed = await signHeaders(wire.target, { method: "PUT", key, body: "honest" });
    const reply = await wire.raw(signed, "forged");
    expect([reply.status, reply.code]).toEqual([400, "XAmzContentSHA256Mismatch"]);
    expect(await wire.exists(key)).toBe(false);
  });

  it("refuses a body whose Content-MD5 is wrong, and stores nothing", async () => {
    const key = wire.key("md5");
    const headers = { "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" };
    const reply = await wire.send({ method: "PUT", key, body: "not empty", headers });
    expect([reply.status, reply.code]).toEqual([400, "BadDigest"]);
    expect(await wire.exists(key)).toBe(false);
  });

  it("holds a signed content-length: another length is refused and stores nothing", async () => {
    const key = wire.key("length");
    const signed = await presign(wire.target, { method: "PUT", key, headers: { "content-length": "10" } });
    expect(signed.url).toContain("content-length");
    for (const length of [9, 11, 1000]) {
      const headers = { ...signed.headers, "content-length": String(length) };
      const reply = await wire.raw({ ...signed, headers }, "x".repeat(length));
      expect([reply.status, reply.code]).toEqual([403, "SignatureDoesNotMatch"]);
    }
    expect(await wire.exists(key)).toBe(false);
    expect((await wire.raw(signed, "x".repeat(10))).status).toBe(200);
  });
}
