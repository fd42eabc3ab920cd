/** The embedded S3 gateway service, and the bucket that any S3 must have before the stack serves. */
import { CreateBucketCommand, HeadBucketCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { jsonTextSchema } from "@storagex/contract/text/json-text";
import { z } from "zod";
import { inClone } from "../paths.ts";
import { answersTcp } from "../supervise/probe.ts";
import { nodeService } from "./node-service.ts";
import type { Service } from "./service.ts";

export type S3Access = {
  endpoint: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
};

export type S3Settings = {
  folder: string;
  host: string;
  port: number;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Origins of the pages that may upload and play; undefined: all. */
  origins?: readonly string[] | undefined;
};

/** What the gateway logs while it opens its store. */
const openingSchema = z.object({
  msg: z.literal("opening"),
  time: z.number(),
  folders: z.number(),
  of: z.number(),
});

/** An older line is of an earlier start, or of one that no longer gets on. */
const LOGGED_LATELY_MS = 60_000;

/** The S3 gateway service. */
export function s3Service(settings: S3Settings): Service {
  const host = settings.host === "0.0.0.0" || settings.host === "::" ? "127.0.0.1" : settings.host;
  return nodeService({
    name: "s3",
    entry: inClone("s3-gateway", "src", "main.ts"),
    env: {
      // With Node's default of four threads, four fsyncs at once would block every read.
      UV_THREADPOOL_SIZE: "16",
      S3_LISTEN_HOST: settings.host,
      S3_LISTEN_PORT: String(settings.port),
      S3_DATA: settings.folder,
      S3_ACCESS_KEY_ID: settings.accessKeyId,
      S3_SECRET_ACCESS_KEY: settings.secretAccessKey,
      S3_REGION: settings.region,
      ...(settings.origins === undefined ? {} : { S3_CORS_ORIGIN: settings.origins.join(",") }),
    },
    isReady: () => answersTcp(host, settings.port),
    startingBy: async (lastLine) => progressIn(lastLine),
    stopWithinMs: 1_500,
  });
}

/** A large store is looked through before it serves, and the gateway logs how far it is. */
function progressIn(line: string): string | null {
  const opening = jsonTextSchema.pipe(openingSchema).safeParse(line).data;
  return opening && Date.now() - opening.time < LOGGED_LATELY_MS
    ? `${opening.folders} of ${opening.of} folders are looked through`
    : null;
}

/** Creates the bucket where it is missing; throws the S3's own error when that is refused. */
export async function makeBucket(access: S3Access): Promise<void> {
  const { endpoint, region, bucket: Bucket, accessKeyId, secretAccessKey } = access;
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  try {
    await client.send(new HeadBucketCommand({ Bucket }));
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status !== 404)
      throw new Error(
        `the bucket ${Bucket} cannot be read at ${endpoint}: ${status ?? ""} ${reasonOf(error)}`,
      );
    await client.send(new CreateBucketCommand({ Bucket }));
  } finally {
    client.destroy();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name} ${error.message}` : String(error);
}
