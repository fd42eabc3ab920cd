/** The gateway's settings. Nothing else in this process reads the environment. */
import { readSettings } from "@storagex/contract/settings/read-settings";
import { bindingsSchema, nodeSettingsSchema } from "@storagex/contract/settings/settings";
import { z } from "zod";

const schema = z.object({
  S3_LISTEN_HOST: z.string().min(1).default("127.0.0.1").describe("127.0.0.1"),
  S3_LISTEN_PORT: z.coerce.number().int().min(0).max(65535).describe("9000"),
  S3_DATA: z.string().min(1).describe("/var/lib/s3"),
  S3_ACCESS_KEY_ID: z
    .string()
    .regex(/^[\w.-]{3,128}$/)
    .describe("storagex"),
  S3_SECRET_ACCESS_KEY: z.string().min(16).describe("<32 random characters>"),
  S3_REGION: bindingsSchema.shape.S3_REGION,
  S3_CORS_ORIGIN: z
    .string()
    .default("*")
    .transform((list) => list.split(",").map((origin) => origin.trim()))
    .describe("https://video.example.org"),
  LOG_LEVEL: nodeSettingsSchema.shape.LOG_LEVEL,
});

export type Config = z.infer<typeof schema>;

/** Reads and checks the environment. Throws one `SettingsError`. */
export function readConfig(): Config {
  return readSettings(schema, process.env);
}
