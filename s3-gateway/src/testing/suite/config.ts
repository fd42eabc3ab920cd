/** The address of a second S3 for the suite. Nothing else in the tests reads the environment. */
import { env } from "node:process";
import { z } from "zod";
import type { S3Target } from "../spawn.ts";

const schema = z.object({
  STORAGEX_TEST_S3_ENDPOINT: z.url(),
  STORAGEX_TEST_S3_REGION: z.string().default("us-east-1"),
  STORAGEX_TEST_S3_BUCKET: z.string().default("storagex-suite"),
  STORAGEX_TEST_S3_ACCESS_KEY_ID: z.string(),
  STORAGEX_TEST_S3_SECRET_ACCESS_KEY: z.string(),
});

/** The S3 that STORAGEX_TEST_S3_* name, or null; throws when only some are set. */
export function secondTarget(): S3Target | null {
  if (env.STORAGEX_TEST_S3_ENDPOINT === undefined) return null;
  const given = schema.parse(env);
  return {
    endpoint: given.STORAGEX_TEST_S3_ENDPOINT.replace(/\/$/, ""),
    region: given.STORAGEX_TEST_S3_REGION,
    bucket: given.STORAGEX_TEST_S3_BUCKET,
    accessKeyId: given.STORAGEX_TEST_S3_ACCESS_KEY_ID,
    secretAccessKey: given.STORAGEX_TEST_S3_SECRET_ACCESS_KEY,
  };
}
