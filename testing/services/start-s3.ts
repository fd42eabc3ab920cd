/** The embedded S3 gateway for a test, with an empty bucket. */
import { join } from "node:path";
import { z } from "zod";
import { makeBucket, type S3Access, s3Service } from "../../stack/services/s3.ts";
import { freePort, type Running, runService } from "./run-service.ts";

/** An `S3Access` that came from another process. */
export const s3AccessSchema = z.object({
  endpoint: z.string(),
  region: z.string(),
  bucket: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
});

/** Starts the gateway with its blobs under `dir` (absolute) and makes the bucket. */
export async function startS3(dir: string, bucket = "storagex"): Promise<Running & { access: S3Access }> {
  const port = await freePort();
  const access: S3Access = {
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    bucket,
    accessKeyId: "test-key",
    secretAccessKey: "test-secret-of-forty-characters-and-more",
  };
  const running = await runService(
    s3Service({ ...access, folder: join(dir, "s3"), host: "127.0.0.1", port }),
    join(dir, "log"),
  );
  await makeBucket(access);
  return { ...running, access };
}
