/** Signs requests for tests and measurements with AWS's own code, which shares nothing with the gateway's. */
import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { S3Target } from "./spawn.ts";

export interface SignedRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
}

export interface Unsigned {
  method: string;
  /** Key inside the target's bucket; `null` for the bucket itself. */
  key: string | null;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Replaces the hash of the body when it is given. */
  payloadHash?: string;
  /** Time of the signature; now unless given. */
  at?: Date;
}

/** The hash interface that @smithy/signature-v4 expects, on Node's crypto. */
class Sha256 {
  #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", toBytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(toBytes(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}

function toBytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === "string") return Buffer.from(data);
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function draft(target: S3Target, unsigned: Unsigned, payloadHash: string) {
  const endpoint = new URL(target.endpoint);
  const key = unsigned.key === null ? "" : `/${unsigned.key.split("/").map(encode).join("/")}`;
  return {
    method: unsigned.method,
    protocol: endpoint.protocol,
    hostname: endpoint.hostname,
    port: Number(endpoint.port),
    path: `/${target.bucket}${key}`,
    query: unsigned.query ?? {},
    headers: { host: endpoint.host, ...unsigned.headers, "x-amz-content-sha256": payloadHash },
    body: unsigned.body,
  };
}

function signerOf(target: S3Target): SignatureV4 {
  return new SignatureV4({
    service: "s3",
    region: target.region,
    credentials: { accessKeyId: target.accessKeyId, secretAccessKey: target.secretAccessKey },
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: true,
  });
}

/** Signs in the Authorization header. */
export async function signHeaders(target: S3Target, unsigned: Unsigned): Promise<SignedRequest> {
  const hash = createHash("sha256").update(unsigned.body ?? "");
  const request = draft(target, unsigned, unsigned.payloadHash ?? hash.digest("hex"));
  const signed = await signerOf(target).sign(request, unsigned.at ? { signingDate: unsigned.at } : {});
  return { url: urlOf(target, signed.path, signed.query), method: signed.method, headers: signed.headers };
}

/**
 * Signs in the query for `expiresIn` seconds; every given header is signed too and must be sent unchanged.
 */
export async function presign(target: S3Target, unsigned: Unsigned, expiresIn = 300): Promise<SignedRequest> {
  const request = draft(target, unsigned, unsigned.payloadHash ?? "UNSIGNED-PAYLOAD");
  const signed = await signerOf(target).presign(request, {
    expiresIn,
    signableHeaders: new Set(Object.keys(request.headers)),
    ...(unsigned.at && { signingDate: unsigned.at }),
  });
  return { url: urlOf(target, signed.path, signed.query), method: signed.method, headers: signed.headers };
}

function urlOf(target: S3Target, path: string, query: Record<string, string | string[] | null> = {}): string {
  const parameters = Object.entries(query).map(
    ([name, value]) => `${encode(name)}=${encode(String(value ?? ""))}`,
  );
  return `${target.endpoint}${path}${parameters.length > 0 ? `?${parameters.join("&")}` : ""}`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
