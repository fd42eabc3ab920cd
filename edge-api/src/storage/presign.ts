/**
 * Signs URLs with WebCrypto (SigV4 in the query). The derived key of a day is cached per isolate, so long
 * playlists are cheap to sign.
 */
import { LRUCache } from "lru-cache";
import type { Config } from "../config.ts";

export type Endpoint = {
  endpoint: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
};

/** `at` is the time of signing; `expires` is in seconds from then (at most 7 days, SigV4's own limit). */
export type Lifetime = { at: Date; expires: number };

export type Signer = {
  /** GET of `key`. `overrides` are response-* parameters, constant per object to keep its URL the same. */
  get(key: string, life: Lifetime, overrides?: Readonly<Record<string, string>>): Promise<string>;
  /** PUT of one object: of exactly `length` bytes, or of any length. */
  put(key: string, life: Lifetime, length?: number): Promise<string>;
  /** PUT of one part, bound to exactly `length` bytes. */
  part(
    part: { key: string; uploadId: string; number: number; length: number },
    life: Lifetime,
  ): Promise<string>;
};

const ALGORITHM = "AWS4-HMAC-SHA256";
const encoder = new TextEncoder();

/** RFC 3986 as SigV4 requires it: encodeURIComponent leaves !'()* unescaped. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
const encodePath = (key: string) => key.split("/").map(encode).join("/");
const hex = (buffer: ArrayBuffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

const hmacKey = (raw: BufferSource) =>
  crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
const hmac = (key: CryptoKey, text: string) => crypto.subtle.sign("HMAC", key, encoder.encode(text));

/** Total characters of cached URLs, about 30,000 URLs. Within a window an object's URL never changes. */
const MAX_REMEMBERED = 16 * 1024 * 1024;

/** Makes a signer for one endpoint. Browsers' and workers' differ, because the signature covers the host. */
export function makeSigner(endpoint: Endpoint): Signer {
  const remembered = new LRUCache<string, { url: string }>({
    maxSize: MAX_REMEMBERED,
    sizeCalculation: ({ url }) => url.length,
  });
  const { origin, host, pathname } = new URL(endpoint.endpoint);
  const root = `${pathname.replace(/\/$/, "")}/${encode(endpoint.bucket)}/`;
  let dayKey: { day: string; key: Promise<CryptoKey> } | undefined;

  function keyOf(day: string): Promise<CryptoKey> {
    if (dayKey?.day !== day) dayKey = { day, key: deriveKey(endpoint, day) };
    return dayKey.key;
  }

  async function sign(
    method: "GET" | "PUT",
    key: string,
    { at, expires }: Lifetime,
    query: Readonly<Record<string, string>>,
    length?: number,
  ): Promise<string> {
    const time = at.toISOString().replace(/[-:]|\.\d{3}/g, "");
    const day = time.slice(0, 8);
    const scope = `${day}/${endpoint.region}/s3/aws4_request`;
    const headers = length === undefined ? "host" : "content-length;host";
    const parameters: Record<string, string> = {
      ...query,
      "X-Amz-Algorithm": ALGORITHM,
      "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD",
      "X-Amz-Credential": `${endpoint.accessKeyId}/${scope}`,
      "X-Amz-Date": time,
      "X-Amz-Expires": String(expires),
      "X-Amz-SignedHeaders": headers,
    };
    const canonicalQuery = Object.keys(parameters)
      .sort()
      .map((name) => `${encode(name)}=${encode(parameters[name] ?? "")}`)
      .join("&");
    const path = root + encodePath(key);
    const canonicalHeaders = `${length === undefined ? "" : `content-length:${length}\n`}host:${host}\n`;
    const request = [method, path, canonicalQuery, canonicalHeaders, headers, "UNSIGNED-PAYLOAD"].join("\n");
    const digest = hex(await crypto.subtle.digest("SHA-256", encoder.encode(request)));
    const signature = hex(await hmac(await keyOf(day), [ALGORITHM, time, scope, digest].join("\n")));
    // The SDK writes the parameters in this order, and a test requires byte-for-byte equal URLs.
    const all = { ...parameters, "X-Amz-Signature": signature };
    const printed = Object.entries(all)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${encode(name)}=${encode(value)}`);
    return `${origin}${path}?${printed.join("&")}`;
  }

  return {
    get: async (key, life, overrides = {}) => {
      const name = [life.at.getTime(), life.expires, key, ...Object.entries(overrides).flat()].join("\n");
      const known = remembered.get(name);
      if (known) return known.url;
      const url = await sign("GET", key, life, { ...overrides, "x-id": "GetObject" });
      remembered.set(name, { url });
      return url;
    },
    put: (key, life, length) => sign("PUT", key, life, { "x-id": "PutObject" }, length),
    part: ({ key, uploadId, number, length }, life) =>
      sign("PUT", key, life, { partNumber: String(number), uploadId, "x-id": "UploadPart" }, length),
  };
}

/** The signing key of one day (SigV4, "Calculate the signature"). */
async function deriveKey({ secretAccessKey, region }: Endpoint, day: string): Promise<CryptoKey> {
  let key = await hmacKey(encoder.encode(`AWS4${secretAccessKey}`));
  for (const step of [day, region, "s3", "aws4_request"]) key = await hmacKey(await hmac(key, step));
  return key;
}

const signers = new WeakMap<Config, { browser: Signer; worker: Signer }>();

/** The two signers of this configuration. */
export function signersOf(config: Config): { browser: Signer; worker: Signer } {
  let pair = signers.get(config);
  if (!pair) {
    const base = {
      region: config.S3_REGION,
      bucket: config.S3_BUCKET,
      accessKeyId: config.S3_ACCESS_KEY_ID,
      secretAccessKey: config.S3_SECRET_ACCESS_KEY,
    };
    pair = {
      browser: makeSigner({ ...base, endpoint: config.S3_PUBLIC_ENDPOINT }),
      worker: makeSigner({ ...base, endpoint: config.S3_ENDPOINT }),
    };
    signers.set(config, pair);
  }
  return pair;
}
