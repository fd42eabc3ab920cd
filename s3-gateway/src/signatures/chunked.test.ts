/** The framing of streamed bodies, against AWS's published example and against broken frames. */
import { describe, expect, it } from "vitest";
import type { Signed } from "./authenticate.ts";
import { decodeChunked } from "./chunked.ts";
import { signingKey } from "./signature.ts";

const scope = { date: "20130524", region: "us-east-1" };
const seed = {
  signature: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
  key: signingKey("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", scope),
  amzDate: "20130524T000000Z",
  scope,
};
const signed: Signed = { payloadHash: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", seed };
const unsigned: Signed = { payloadHash: "STREAMING-UNSIGNED-PAYLOAD-TRAILER", seed };

const example = [
  ["10000", "a".repeat(65_536), "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"],
  ["400", "a".repeat(1024), "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"],
  ["0", "", "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"],
] as const;

function frames(chunks: readonly (readonly [string, string, string])[]): string {
  return chunks
    .map(([size, bytes, signature]) => `${size};chunk-signature=${signature}\r\n${bytes}\r\n`)
    .join("");
}

async function decode(
  text: string,
  as: Signed,
  sliceSize = 1000,
  trailers = new Map<string, string>(),
): Promise<string> {
  async function* slices(): AsyncGenerator<Buffer> {
    for (let at = 0; at < text.length; at += sliceSize)
      yield Buffer.from(text.slice(at, at + sliceSize), "latin1");
  }
  let result = "";
  for await (const bytes of decodeChunked(slices(), as, trailers)) result += bytes.toString("latin1");
  return result;
}

describe("signed chunks", () => {
  it.each([1, 7, 1000, 100_000])("decodes AWS's example, arriving %i bytes at a time", async (size) => {
    expect(await decode(frames(example), signed, size)).toBe("a".repeat(66_560));
  });

  it("refuses an altered byte, a dropped chunk, a repeated one, a missing signature, a missing end", async () => {
    const [first, second, last] = example;
    const altered = frames([["10000", `b${"a".repeat(65_535)}`, first[2]], second, last]);
    for (const text of [altered, frames([first, last]), frames([first, first, second, last])]) {
      await expect(decode(text, signed)).rejects.toMatchObject({ code: "SignatureDoesNotMatch" });
    }
    for (const text of ["1\r\na\r\n0\r\n\r\n", frames([first, second])]) {
      await expect(decode(text, signed)).rejects.toMatchObject({ code: "IncompleteBody" });
    }
  });
});

describe("unsigned chunks with trailers", () => {
  it("hands over the trailers", async () => {
    const trailers = new Map<string, string>();
    const text = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32: NhCmhg==\r\n\r\n";
    expect(await decode(text, unsigned, 3, trailers)).toBe("hello");
    expect([...trailers]).toEqual([["x-amz-checksum-crc32", "NhCmhg=="]]);
  });

  it.each([
    "",
    "5\r\nhel",
    "5\r\nhelloXX0\r\n\r\n",
    "zz\r\n",
    "-1\r\n",
    "5\nhello\r\n0\r\n\r\n",
    `${"0".repeat(5000)}\r\n\r\n`,
    "0\r\na:1\r\na:2\r\n\r\n",
    "0\r\nno colon\r\n\r\n",
  ])("refuses the broken frame %j", async (text) => {
    await expect(decode(text, unsigned)).rejects.toMatchObject({ code: "IncompleteBody" });
  });
});
