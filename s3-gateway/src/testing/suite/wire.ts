/**
 * How the suite sends requests: AWS's SDK as a client would, and single requests whose every byte it chooses.
 */
import { randomUUID } from "node:crypto";
import { type IncomingHttpHeaders, request } from "node:http";
import { request as requestTls } from "node:https";
import { DeleteObjectsCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { presign, type SignedRequest, signHeaders, type Unsigned } from "../oracle.ts";
import type { S3Target } from "../spawn.ts";

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** S3's error code, or "" without an XML error. */
  code: string;
}

export class Wire {
  readonly target: S3Target;
  readonly sdk: S3Client;
  readonly #prefix = `suite-${randomUUID()}/`;

  constructor(target: S3Target) {
    this.target = target;
    this.sdk = this.sdkWith({
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
    });
  }

  sdkWith(options: {
    requestChecksumCalculation: "WHEN_REQUIRED" | "WHEN_SUPPORTED";
    responseChecksumValidation: "WHEN_REQUIRED" | "WHEN_SUPPORTED";
  }): S3Client {
    const { endpoint, region, accessKeyId, secretAccessKey } = this.target;
    const credentials = { accessKeyId, secretAccessKey };
    return new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1, ...options });
  }

  /** A key of this run only. */
  key(name: string): string {
    return this.#prefix + name;
  }

  /** Bucket and key for the SDK. */
  at(Key: string): { Bucket: string; Key: string } {
    return { Bucket: this.target.bucket, Key };
  }

  /** Signs in the header and sends. */
  async send(unsigned: Unsigned): Promise<Reply> {
    return await this.raw(await signHeaders(this.target, unsigned), unsigned.body);
  }

  /** Presigns and sends as a browser would: without the headers that a browser may not set. */
  async sendPresigned(unsigned: Unsigned, expiresIn?: number): Promise<Reply> {
    return await this.raw(await presign(this.target, unsigned, expiresIn), unsigned.body);
  }

  /** Sends exactly this, with the path not normalised; the length is the body's unless `headers` name one. */
  async raw(signed: SignedRequest, body?: string | Uint8Array): Promise<Reply> {
    const endpoint = new URL(this.target.endpoint);
    const { method } = signed;
    const path = signed.url.slice(this.target.endpoint.length);
    const length =
      body === undefined && method !== "PUT" && method !== "POST"
        ? {}
        : { "content-length": Buffer.byteLength(body ?? "") };
    const headers = { ...length, ...signed.headers };
    const open = endpoint.protocol === "https:" ? requestTls : request;
    return await new Promise((resolve, reject) => {
      const outgoing = open({
        hostname: endpoint.hostname,
        port: endpoint.port,
        method,
        path,
        headers,
        agent: false,
      });
      outgoing.on("error", reject).on("response", async (response) => {
        const pieces: Buffer[] = [];
        for await (const piece of response) pieces.push(piece);
        const bytes = Buffer.concat(pieces);
        const code = /<Error>.*?<Code>(\w+)<\/Code>/s.exec(bytes.toString("latin1"))?.[1] ?? "";
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes, code });
      });
      outgoing.end(body);
    });
  }

  /** Removes every object of this run. */
  async removeAll(): Promise<void> {
    const query = { Bucket: this.target.bucket, Prefix: this.#prefix };
    for (;;) {
      const { Contents = [] } = await this.sdk.send(new ListObjectsV2Command(query));
      if (Contents.length === 0) return;
      const Objects = Contents.map(({ Key }) => ({ Key }));
      await this.sdk.send(new DeleteObjectsCommand({ Bucket: query.Bucket, Delete: { Objects } }));
    }
  }

  async exists(key: string): Promise<boolean> {
    const head = this.sdk.send(new HeadObjectCommand(this.at(key)));
    return await head.then(
      () => true,
      () => false,
    );
  }
}

/** The error code of the SDK's call; rejects when the call succeeds. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error("the call was accepted");
  return error.name;
}
