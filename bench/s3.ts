/** Measures the embedded S3 against the plain disk: one PUT of 1 GiB, one GET, and four parts at once. */
import { mkdir, mkdtemp, open, rm } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CompleteMultipartUploadCommand, CreateMultipartUploadCommand, S3Client } from "@aws-sdk/client-s3";
import { signHeaders, type Unsigned } from "../s3-gateway/src/testing/oracle.ts";
import { type S3Target, startGateway } from "../s3-gateway/src/testing/spawn.ts";

const gibibyte = 1024 ** 3;
const block = Buffer.alloc(1024 ** 2, "storagex");
const rounds = 3;

/** Runs all measurements three times, in turn, and prints medians in MiB/s. */
export default async function run(): Promise<void> {
  const results = join(import.meta.dirname, "results");
  await mkdir(results, { recursive: true });
  const folder = await mkdtemp(join(results, "s3-"));
  const gateway = await startGateway(join(folder, "data"));
  try {
    await send(gateway.target, { method: "PUT", key: null });
    const speeds: Record<string, number[]> = {};
    for (let round = 0; round < rounds; round++) {
      const measure = async (name: string, act: () => Promise<unknown>): Promise<void> => {
        const started = performance.now();
        await act();
        speeds[name] = [...(speeds[name] ?? []), 1024 / ((performance.now() - started) / 1000)];
      };
      await measure("disk: write + fsync", () => writePlain(join(folder, "plain")));
      await measure("PUT 1 GiB", () => put(gateway.target, { method: "PUT", key: "one" }, gibibyte));
      await measure("GET 1 GiB", () => get(gateway.target, "one"));
      await measure("4 parts of 256 MiB at once", () => putParts(gateway.target));
    }
    print(speeds);
  } finally {
    await gateway.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function writePlain(path: string): Promise<void> {
  const file = await open(path, "w");
  for (let written = 0; written < gibibyte; written += block.length) await file.write(block);
  await file.sync();
  await file.close();
  await rm(path);
}

async function put(target: S3Target, unsigned: Unsigned, size: number): Promise<string> {
  const headers = { "content-length": String(size) };
  return await send(target, { ...unsigned, headers, payloadHash: "UNSIGNED-PAYLOAD" }, blocks(size));
}

async function get(target: S3Target, key: string): Promise<void> {
  await send(target, { method: "GET", key });
}

async function putParts(target: S3Target): Promise<void> {
  const { bucket: Bucket, accessKeyId, secretAccessKey, ...place } = target;
  const client = new S3Client({
    ...place,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  const { UploadId = "" } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: "parts" }));
  const Parts = await Promise.all(
    [1, 2, 3, 4].map(async (PartNumber) => {
      const query = { partNumber: String(PartNumber), uploadId: UploadId };
      return { PartNumber, ETag: await put(target, { method: "PUT", key: "parts", query }, gibibyte / 4) };
    }),
  );
  await client.send(
    new CompleteMultipartUploadCommand({ Bucket, Key: "parts", UploadId, MultipartUpload: { Parts } }),
  );
}

function blocks(size: number): Readable {
  return Readable.from(
    (function* () {
      for (let sent = 0; sent < size; sent += block.length) yield block;
    })(),
    { objectMode: false, highWaterMark: block.length },
  );
}

/**
 * Sends over plain node:http, the client with the least overhead, reads the response to its end and returns
 * its ETag.
 */
async function send(target: S3Target, unsigned: Unsigned, body?: Readable): Promise<string> {
  const signed = await signHeaders(target, unsigned);
  const outgoing = request(signed.url, { method: signed.method, headers: signed.headers });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on("response", resolve).on("error", reject);
  });
  if (body) await pipeline(body, outgoing);
  else outgoing.end();
  const response = await answered;
  for await (const _ of response);
  if (response.statusCode !== 200) throw new Error(`${unsigned.method} answered ${response.statusCode}`);
  return response.headers.etag ?? "";
}

function print(results: Record<string, number[]>): void {
  const median = (values: number[]): number =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const disk = median(Object.values(results)[0] ?? []);
  process.stdout.write(`${"median of 3".padEnd(30)}${"MiB/s".padStart(8)}${"of the disk".padStart(14)}\n`);
  for (const [name, values] of Object.entries(results)) {
    const speed = median(values);
    const ratio = `${Math.round((100 * speed) / disk)} %`;
    process.stdout.write(`${name.padEnd(30)}${speed.toFixed(0).padStart(8)}${ratio.padStart(14)}\n`);
  }
}
