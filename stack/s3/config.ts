/** The gateway's settings: the only place of this process that reads the environment. */
import { env } from "node:process";
import { z } from "zod";

const schema = z.object({
  S3_LISTEN_HOST: z.string().min(1).default("127.0.0.1"),
  S3_LISTEN_PORT: z.coerce.number().int().min(0).max(65535),
  S3_DATA: z.string().min(1),
  S3_ACCESS_KEY_ID: z.string().regex(/^[\w.-]{3,128}$/),
  S3_SECRET_ACCESS_KEY: z.string().min(16),
  S3_REGION: z.string().regex(/^[\w-]+$/),
  S3_CORS_ORIGIN: z
    .string()
    .default("*")
    .transform((list) => list.split(",").map((origin) => origin.trim())),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "silent"]).default("info"),
});

export type Config = z.infer<typeof schema>;

const example =
  "S3_LISTEN_PORT=9000 S3_DATA=./s3 S3_ACCESS_KEY_ID=storagex S3_SECRET_ACCESS_KEY=<32 random characters> S3_REGION=us-east-1";

/** Reads and checks every variable; throws ONE error that names each bad one. */
export function readConfig(): Config {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const bad = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`s3: ${bad.join("; ")}. Example: ${example}`);
}
