/**
 * What only the embedded gateway guarantees: keys that look like paths, repeated input, unsupported requests.
 */
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { presign, type SignedRequest, signHeaders } from "./testing/oracle.ts";
import { startGateway } from "./testing/spawn.ts";
import { Wire } from "./testing/suite/wire.ts";

const folder = await mkdtemp(join(tmpdir(), "storagex-s3-strict-"));
const gateway = await startGateway(join(folder, "data"));
const wire = new Wire(gateway.target);
const host = new URL(gateway.target.endpoint).host;

beforeAll(async () => {
  await wire.sdk.send(new CreateBucketCommand({ Bucket: gateway.target.bucket }));
});
afterAll(async () => {
  await gateway.stop("SIGKILL");
  await rm(folder, { recursive: true });
});

/** Writes these bytes to a socket and resolves with the first response's status and everything after it. */
async function exchange(bytes: string): Promise<{ status: number; text: string }> {
  const socket = connect(Number(new URL(gateway.target.endpoint).port), "127.0.0.1");
  socket.write(bytes, "latin1");
  let text = "";
  for await (const piece of socket) text += piece;
  return { status: Number(text.slice(9, 12)), text };
}

function written(signed: SignedRequest, extra: string[], body = "", connection = "close"): string {
  const headers = Object.entries(signed.headers).map(([name, value]) => `${name}: ${value}`);
  const path = signed.url.replace(gateway.target.endpoint, "");
  const head = [`${signed.method} ${path} HTTP/1.1`, ...headers, ...extra, `connection: ${connection}`];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

it.each([
  "../../../escape",
  "a/../../b",
  "..",
  ".",
  "//double//slashes/",
  "trailing/",
  "a/./b",
  "%2e%2e/x",
  "\u0001\r\n\t",
])("the key %j is only a name", async (name) => {
  const before = await readdir(folder);
  expect((await wire.send({ method: "PUT", key: name, body: name })).status).toBe(200);
  expect((await wire.sendPresigned({ method: "GET", key: name })).body.toString()).toBe(name);
  const query = { Bucket: gateway.target.bucket, Prefix: name, EncodingType: "url" } as const;
  const { Contents = [] } = await wire.sdk.send(new ListObjectsV2Command(query));
  expect(Contents.map(({ Key = "" }) => decodeURIComponent(Key))).toContain(name);
  expect(await readdir(folder)).toEqual(before);
  expect((await wire.send({ method: "DELETE", key: name })).status).toBe(204);
});

it("one key has one signature however it is spelled, and another key never has it", async () => {
  await wire.sdk.send(new PutObjectCommand({ ...wire.at("a b~c/d"), Body: "spelled" }));
  await wire.sdk.send(new PutObjectCommand({ ...wire.at("a+b~c/d"), Body: "another" }));
  const signed = await presign(wire.target, { method: "GET", key: "a b~c/d" });
  for (const spelling of ["a%20b%7ec/d", "%61%20b~c%2Fd", "a%20b%7Ec%2fd"]) {
    const reply = await wire.raw({ ...signed, url: signed.url.replace("a%20b~c/d", spelling) });
    expect([spelling, reply.status, reply.body.toString()]).toEqual([spelling, 200, "spelled"]);
  }
  for (const spelling of ["a+b~c/d", "a%2Bb~c/d", "a%20b~c//d", "a%20b~c/./d", "a%2520b~c/d"]) {
    const reply = await wire.raw({ ...signed, url: signed.url.replace("a%20b~c/d", spelling) });
    expect([spelling, reply.code]).toEqual([spelling, "SignatureDoesNotMatch"]);
  }
  for (const broken of ["a%2", "%ff", "%c0%af"]) {
    const reply = await wire.raw({ ...signed, url: signed.url.replace("a%20b~c/d", broken) });
    expect([broken, reply.status]).toEqual([broken, 400]);
  }
});

it("refuses a parameter or a header that stands twice", async () => {
  const signed = await presign(wire.target, {
    method: "GET",
    key: "twice",
    query: { "response-expires": "0" },
  });
  const doubled = await wire.raw({ ...signed, url: `${signed.url}&response-expires=1` });
  expect([doubled.status, doubled.code]).toEqual([400, "InvalidArgument"]);
  const put = await signHeaders(wire.target, {
    method: "PUT",
    key: "twice",
    headers: { "x-amz-meta-a": "1" },
  });
  for (const extra of [
    "X-Amz-Meta-A: 2",
    `Host: ${host}`,
    "x-amz-date: 20200101T000000Z",
    "Authorization: x",
  ]) {
    const reply = await exchange(written(put, [extra, "content-length: 0"]));
    expect([extra, reply.status]).toEqual([extra, 400]);
  }
  expect(await wire.exists("twice")).toBe(false);
});

it("refuses a signature that does not cover the host", async () => {
  const signed = await presign(wire.target, { method: "GET", key: "x" });
  const reply = await wire.raw({
    ...signed,
    url: signed.url.replace("SignedHeaders=host", "SignedHeaders=range"),
  });
  expect([reply.status, reply.code]).toEqual([403, "AccessDenied"]);
});

it("refuses both ways of signing at once", async () => {
  const signed = await presign(wire.target, { method: "GET", key: "x" });
  const { headers } = await signHeaders(wire.target, { method: "GET", key: "x" });
  expect((await wire.raw({ ...signed, headers: { ...headers, ...signed.headers } })).status).toBe(400);
});

it("refuses bodies whose length is not declared, or declared in two ways", async () => {
  const put = await presign(wire.target, { method: "PUT", key: "framed" });
  const chunked = await exchange(written(put, ["transfer-encoding: chunked"], "1\r\nx\r\n0\r\n\r\n"));
  expect(chunked.status).toBe(411);
  const both = await exchange(
    written(put, ["transfer-encoding: chunked", "content-length: 1"], "1\r\nx\r\n0\r\n\r\n"),
  );
  expect(both.status).toBe(400);
  const bound = await presign(wire.target, {
    method: "PUT",
    key: "framed",
    headers: { "content-length": "1" },
  });
  delete bound.headers["content-length"];
  const unbound = await exchange(written(bound, ["transfer-encoding: chunked"], "1\r\nx\r\n0\r\n\r\n"));
  expect(unbound.status).toBe(403);
  expect(await wire.exists("framed")).toBe(false);
});

it("lets no second request pass on the signature of the first", async () => {
  const put = await presign(wire.target, { method: "PUT", key: "short", headers: { "content-length": "1" } });
  const smuggled = `DELETE /suite/short HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`;
  const { text } = await exchange(written(put, [], `x${smuggled}`, "keep-alive"));
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 403"]);
  expect((await wire.send({ method: "GET", key: "short" })).body.toString()).toBe("x");
});

it("tells a client that waits with its body of a refusal before it sends", async () => {
  const put = await presign(wire.target, { method: "PUT", key: "waiting" });
  const outsider = { ...put, url: put.url.replace(/Signature=\w/, "Signature=x") };
  const refused = await exchange(written(outsider, ["expect: 100-continue", "content-length: 4"]));
  expect(refused.status).toBe(403);
  const taken = await exchange(written(put, ["expect: 100-continue", "content-length: 4"], "body"));
  expect(taken.text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
});

it.each(["acl", "tagging", "versionId", "policy", "cors", "lifecycle", "torrent", "partNumber"])(
  "says that ?%s is not offered instead of doing something else",
  async (name) => {
    await wire.sdk.send(new PutObjectCommand({ ...wire.at("sub"), Body: "kept" }));
    for (const method of ["GET", "PUT", "DELETE"]) {
      for (const key of ["sub", null]) {
        const reply = await wire.send({ method, key, query: { [name]: "" } });
        expect([method, key, reply.status, reply.code]).toEqual([method, key, 501, "NotImplemented"]);
      }
    }
    expect((await wire.send({ method: "GET", key: "sub" })).body.toString()).toBe("kept");
  },
);

it("makes no object public, and takes no encryption key that it would ignore", async () => {
  const wishes = { "x-amz-acl": "public-read", "x-amz-server-side-encryption-customer-algorithm": "AES256" };
  for (const [name, value] of Object.entries(wishes)) {
    const reply = await wire.send({ method: "PUT", key: "wish", body: "x", headers: { [name]: value } });
    expect([name, reply.status]).toEqual([name, 501]);
  }
  expect(await wire.exists("wish")).toBe(false);
});

it("puts no line break of an override into its headers", async () => {
  await wire.sdk.send(new PutObjectCommand({ ...wire.at("breaks"), Body: "x" }));
  const query = { "response-content-type": "text/plain\r\nset-cookie: a=b" };
  const reply = await wire.sendPresigned({ method: "GET", key: "breaks", query });
  expect([reply.status, reply.headers["set-cookie"]]).toEqual([400, undefined]);
});

it("refuses XML with a document type, of a wrong shape, or too long", async () => {
  const bodies = [
    '<!DOCTYPE x [<!ENTITY e "boom">]><Delete><Object><Key>&e;</Key></Object></Delete>',
    "<Delete><Object><Key>a</Object></Delete>",
    "<Delete></Delete>",
    "not xml",
    `<Delete>${"<Object><Key>a</Key></Object>".repeat(1001)}</Delete>`,
  ];
  for (const body of bodies) {
    const reply = await wire.send({ method: "POST", key: null, query: { delete: "" }, body });
    expect([body.slice(0, 30), reply.code]).toEqual([body.slice(0, 30), "MalformedXML"]);
  }
});

it("hears a refused client out: it sees the answer, not a cut connection", async () => {
  const size = 24 * 1024 ** 2;
  const refused = await presign(wire.target, {
    method: "PUT",
    key: "late",
    headers: { "content-length": String(size) },
  });
  const outsider = { ...refused, url: refused.url.replace(/Signature=.{8}/, "Signature=00000000") };
  for (const connection of ["close", "keep-alive"]) {
    const headers = { ...outsider.headers, connection };
    const reply = await wire.raw({ ...outsider, headers }, new Uint8Array(size));
    expect([connection, reply.status, reply.code]).toEqual([connection, 403, "SignatureDoesNotMatch"]);
  }
});

it("cuts off a refused client that never ends", async () => {
  const socket = connect(Number(new URL(gateway.target.endpoint).port), "127.0.0.1");
  const closed = new Promise((resolve) => socket.on("error", () => undefined).on("close", resolve));
  socket
    .resume()
    .write(`PUT /suite/endless HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 1000000000000\r\n\r\n`);
  const block = Buffer.alloc(1024 ** 2);
  let sent = 0;
  for (; sent < 1000 && !socket.destroyed; sent++) {
    if (!socket.write(block)) await Promise.race([once(socket, "drain").catch(() => undefined), closed]);
  }
  await closed;
  expect(sent).toBeGreaterThanOrEqual(64);
  expect(sent).toBeLessThan(200);
});

it("takes no header out of the query that could not stand in one", async () => {
  for (const value of ["a\r\nset-cookie: b", "\u0000", "\u65e5"]) {
    const reply = await wire.sendPresigned({ method: "PUT", key: "meta", query: { "x-amz-meta-a": value } });
    expect([value, reply.code]).toEqual([value, "InvalidArgument"]);
  }
  expect(await wire.exists("meta")).toBe(false);
});

it("says of a copied part what is wrong with its source", async () => {
  const created = await wire.send({ method: "POST", key: "target", query: { uploads: "" } });
  const uploadId = /<UploadId>([^<]+)/.exec(created.body.toString())?.[1] ?? "";
  await wire.sdk.send(new PutObjectCommand({ ...wire.at("ten"), Body: "0123456789" }));
  const source = `${gateway.target.bucket}/ten`;
  const range = (text: string) => ({ "x-amz-copy-source": source, "x-amz-copy-source-range": text });
  const cases: [Record<string, string>, number, string][] = [
    [{ "x-amz-copy-source": "ten" }, 400, "InvalidArgument"],
    [{ "x-amz-copy-source": "no-such-bucket-here/ten" }, 404, "NoSuchBucket"],
    [{ "x-amz-copy-source": `${source}?versionId=1` }, 501, "NotImplemented"],
    [{ "x-amz-copy-source": `${source}%3FversionId=1` }, 404, "NoSuchKey"],
    [range("bytes=0-10"), 400, "InvalidArgument"],
    [range("bytes=4-"), 400, "InvalidArgument"],
    [
      { "x-amz-copy-source": source, "x-amz-copy-source-server-side-encryption-customer-key": "a" },
      501,
      "NotImplemented",
    ],
    [{ "x-amz-copy-source": source, "x-amz-copy-source-if-match": '"other"' }, 412, "PreconditionFailed"],
  ];
  const query = { partNumber: "1", uploadId };
  for (const [headers, status, code] of cases) {
    const reply = await wire.send({ method: "PUT", key: "target", query, headers });
    expect([headers, reply.status, reply.code]).toEqual([headers, status, code]);
  }
  const copied = await wire.send({ method: "PUT", key: "target", query, headers: range("bytes=2-4") });
  expect([copied.status, copied.body.toString()]).toEqual([200, expect.stringContaining("<CopyPartResult")]);
});
