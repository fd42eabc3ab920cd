/** The signature calculation against the examples that AWS publishes for S3. */
import { describe, expect, it } from "vitest";
import type { S3Request } from "../request.ts";
import { authenticate } from "./authenticate.ts";
import { canonicalRequest, sameSignature, sign, signingKey, stringToSign, uriEncode } from "./signature.ts";

const credentials = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  region: "us-east-1",
};
const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const scope = { date: "20130524", region: "us-east-1" };
const amzDate = "20130524T000000Z";
const day = Date.UTC(2013, 4, 24);
const host = "examplebucket.s3.amazonaws.com";

function requestOf(
  method: string,
  path: string,
  query: Record<string, string>,
  headers: Record<string, string>,
): S3Request {
  const maps = {
    query: new Map(Object.entries(query)),
    headers: new Map(Object.entries({ host, ...headers })),
  };
  return { method, path, bucket: "", key: "", hoisted: new Set(), ...maps };
}

function signatureOf(request: S3Request, signedHeaders: string[], payloadHash: string): string {
  const canonical = canonicalRequest({ ...request, signedHeaders, payloadHash });
  return sign(signingKey(credentials.secretAccessKey, scope), stringToSign(amzDate, scope, canonical));
}

describe("AWS's examples", () => {
  it("GET object with a range", () => {
    const headers = { range: "bytes=0-9", "x-amz-content-sha256": emptyHash, "x-amz-date": amzDate };
    const signed = ["host", "range", "x-amz-content-sha256", "x-amz-date"];
    const signature = signatureOf(requestOf("GET", "/test.txt", {}, headers), signed, emptyHash);
    expect(signature).toBe("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  });

  it("GET list with parameters", () => {
    const headers = { "x-amz-content-sha256": emptyHash, "x-amz-date": amzDate };
    const request = requestOf("GET", "/", { prefix: "J", "max-keys": "2" }, headers);
    const signature = signatureOf(request, ["host", "x-amz-content-sha256", "x-amz-date"], emptyHash);
    expect(signature).toBe("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  });

  const presigned = requestOf(
    "GET",
    "/test.txt",
    {
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request",
      "X-Amz-Date": amzDate,
      "X-Amz-Expires": "86400",
      "X-Amz-SignedHeaders": "host",
      "X-Amz-Signature": "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
    },
    {},
  );

  it("a presigned GET lives from its date to its end, to the second", () => {
    expect(authenticate(presigned, credentials, day).payloadHash).toBe("UNSIGNED-PAYLOAD");
    expect(() => authenticate(presigned, credentials, day + 86_399_999)).not.toThrow();
    expect(() => authenticate(presigned, credentials, day + 86_400_000)).toThrow("expired");
    expect(() => authenticate(presigned, credentials, day - 15 * 60_000)).not.toThrow();
    expect(() => authenticate(presigned, credentials, day - 15 * 60_000 - 1000)).toThrow("not valid yet");
  });

  it("refuses the same URL under a service or a day that it does not name", () => {
    for (const [from, to] of [
      ["/s3/", "/ec2/"],
      ["20130524/", "20130525/"],
      ["aws4_request", "aws4_requests"],
    ] as const) {
      const query = new Map(presigned.query);
      query.set("X-Amz-Credential", (query.get("X-Amz-Credential") ?? "").replace(from, to));
      expect(() => authenticate({ ...presigned, query }, credentials, day)).toThrow("scope");
    }
  });
});

it("compares signatures by value, and only whole ones", () => {
  const one = "a".repeat(64);
  expect(sameSignature(one, one)).toBe(true);
  expect(sameSignature(one, `${"a".repeat(63)}b`)).toBe(false);
  for (const bad of ["", "a", `${one}a`, one.toUpperCase()]) expect(sameSignature(one, bad)).toBe(false);
});

it("encodes as S3 does", () => {
  expect(uriEncode("a b+c/~-_.!'()*é")).toBe("a%20b%2Bc%2F~-_.%21%27%28%29%2A%C3%A9");
});
