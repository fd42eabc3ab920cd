/**
 * Which headers of an upload are stored with the object, and which ask for a feature that is not supported.
 */
import { S3Error } from "../errors.ts";

const kept = ["content-type", "cache-control", "content-disposition", "content-language", "expires"];
const notOffered =
  /^x-amz-(?:server-side-encryption-customer-.*|object-lock-.*|grant-.*|website-redirect-location|copy-source-server-side-.*)$/;
const longestMetadata = 2048;

/** The headers to store; throws NotImplemented for encryption keys, locks and public ACLs. */
export function readMetadata(headers: ReadonlyMap<string, string>): Record<string, string> {
  const metadata: Record<string, string> = {};
  let length = 0;
  for (const [name, value] of headers) {
    if (notOffered.test(name)) throw new S3Error("NotImplemented", `${name} is not offered.`);
    if (name === "x-amz-acl" && value !== "private")
      throw new S3Error("NotImplemented", "Every object is private.");
    if (name.startsWith("x-amz-meta-")) length += name.length + value.length;
    if (kept.includes(name) || name.startsWith("x-amz-meta-")) metadata[name] = value;
  }
  if (length > longestMetadata) throw new S3Error("InvalidArgument", "The metadata exceeds 2 KiB.");
  const encoding = (headers.get("content-encoding") ?? "")
    .split(",")
    .map((token) => token.trim())
    .filter((token) => token !== "" && token !== "aws-chunked");
  if (encoding.length > 0) metadata["content-encoding"] = encoding.join(",");
  return metadata;
}
