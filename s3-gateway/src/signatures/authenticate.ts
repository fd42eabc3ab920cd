/** SigV4 authentication: every request carries a signature, in its Authorization header or in its query. */
import { S3Error, type S3ErrorCode } from "../errors.ts";
import type { S3Request } from "../request.ts";
import { canonicalRequest, type Scope, sameSignature, sign, signingKey, stringToSign } from "./signature.ts";

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
}

/** What a verified signature covers; `seed` starts the chain of signed chunks of a streamed body. */
export interface Signed {
  payloadHash: string;
  seed: { signature: string; key: Buffer; amzDate: string; scope: Scope };
}

interface Claim {
  credential: string;
  signedHeaders: string[];
  signature: string;
  amzDate: string;
  payloadHash: string;
  malformed: S3ErrorCode;
}

const skewMs = 15 * 60_000;
const longestExpirySeconds = 7 * 24 * 3600;

/**
 * Verifies the signature and its time (`now` in ms since 1970). Throws S3Error; an anonymous request is
 * AccessDenied.
 */
export function authenticate(request: S3Request, credentials: Credentials, now: number): Signed {
  const presigned = [...request.query.keys()].some(
    (name) => name.startsWith("X-Amz-Sign") || name === "X-Amz-Algorithm",
  );
  const authorization = request.headers.get("authorization");
  if (presigned && authorization !== undefined) {
    throw new S3Error("InvalidArgument", "Only one way to sign is allowed in a request.");
  }
  if (presigned) return verify(request, readQueryClaim(request, now), credentials);
  if (authorization === undefined) throw new S3Error("AccessDenied");
  return verify(request, readHeaderClaim(request, authorization, now), credentials);
}

function readHeaderClaim(request: S3Request, authorization: string, now: number): Claim {
  const malformed = "AuthorizationHeaderMalformed";
  const fields =
    /^AWS4-HMAC-SHA256 +Credential=([^,\s]+) *, *SignedHeaders=([^,\s]+) *, *Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  const [, credential, signedHeaders, signature] = fields ?? [];
  if (!credential || !signedHeaders || !signature) throw new S3Error(malformed);
  const amzDate = request.headers.get("x-amz-date") ?? "";
  const time = parseAmzDate(amzDate);
  if (time === null) throw new S3Error("AccessDenied", "A valid x-amz-date header is required.");
  if (Math.abs(now - time) > skewMs) throw new S3Error("RequestTimeTooSkewed");
  const payloadHash = request.headers.get("x-amz-content-sha256");
  if (payloadHash === undefined)
    throw new S3Error("InvalidRequest", "The header x-amz-content-sha256 is missing.");
  return { credential, signedHeaders: signedHeaders.split(";"), signature, amzDate, payloadHash, malformed };
}

function readQueryClaim(request: S3Request, now: number): Claim {
  const malformed = "AuthorizationQueryParametersError";
  const field = (name: string): string => {
    const value = request.query.get(`X-Amz-${name}`);
    if (value === undefined || value === "") throw new S3Error(malformed, `X-Amz-${name} is missing.`);
    return value;
  };
  if (field("Algorithm") !== "AWS4-HMAC-SHA256")
    throw new S3Error(malformed, "X-Amz-Algorithm is not supported.");
  const amzDate = field("Date");
  const time = parseAmzDate(amzDate);
  const expires = /^\d{1,6}$/.test(field("Expires")) ? Number(field("Expires")) : 0;
  if (time === null) throw new S3Error(malformed, "X-Amz-Date is not a time.");
  if (expires < 1 || expires > longestExpirySeconds) {
    throw new S3Error(malformed, "X-Amz-Expires must lie between 1 second and a week.");
  }
  if (time - now > skewMs) throw new S3Error("AccessDenied", "Request is not valid yet.");
  if (now >= time + expires * 1000) throw new S3Error("AccessDenied", "Request has expired.");
  return {
    credential: field("Credential"),
    signedHeaders: field("SignedHeaders").split(";"),
    signature: field("Signature"),
    amzDate,
    payloadHash:
      request.query.get("X-Amz-Content-Sha256") ??
      request.headers.get("x-amz-content-sha256") ??
      "UNSIGNED-PAYLOAD",
    malformed,
  };
}

function verify(request: S3Request, claim: Claim, credentials: Credentials): Signed {
  const [accessKeyId, date, region, service, terminator, ...more] = claim.credential.split("/");
  if (
    more.length > 0 ||
    date !== claim.amzDate.slice(0, 8) ||
    service !== "s3" ||
    terminator !== "aws4_request"
  ) {
    throw new S3Error(claim.malformed, "The credential's scope is not valid.");
  }
  if (region !== credentials.region) {
    throw new S3Error(claim.malformed, `The region is wrong; expecting '${credentials.region}'.`);
  }
  if (accessKeyId !== credentials.accessKeyId) throw new S3Error("InvalidAccessKeyId");
  if (request.headers.has("x-amz-security-token") || request.query.has("X-Amz-Security-Token")) {
    throw new S3Error("AccessDenied", "Session tokens are not offered.");
  }
  requireSigned(request, claim.signedHeaders);
  const scope = { date, region };
  const key = signingKey(credentials.secretAccessKey, scope);
  const canonical = canonicalRequest({
    method: request.method,
    path: request.path,
    query: [...request.query].filter(([name]) => name !== "X-Amz-Signature"),
    headers: request.headers,
    signedHeaders: claim.signedHeaders,
    payloadHash: claim.payloadHash,
  });
  const expected = sign(key, stringToSign(claim.amzDate, scope, canonical));
  if (!sameSignature(expected, claim.signature)) throw new S3Error("SignatureDoesNotMatch");
  return {
    payloadHash: claim.payloadHash,
    seed: { signature: expected, key, amzDate: claim.amzDate, scope },
  };
}

/** The host and every `x-amz-*` header must be signed: an unsigned one could change what the request does. */
function requireSigned(request: S3Request, signedHeaders: string[]): void {
  const signed = new Set(signedHeaders);
  if (!signed.has("host")) throw new S3Error("AccessDenied", "The host header must be signed.");
  for (const name of request.headers.keys()) {
    if (name.startsWith("x-amz-") && !signed.has(name) && !request.hoisted.has(name)) {
      throw new S3Error("AccessDenied", `There is a header in the request which was not signed: ${name}`);
    }
  }
  for (const name of signed) {
    if (!request.headers.has(name))
      throw new S3Error("AccessDenied", `The signed header ${name} is missing.`);
  }
}

function parseAmzDate(text: string): number | null {
  const fields = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!fields) return null;
  const [, year, month, day, hour, minute, second] = fields;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? null : time;
}
