/** Settings of the SQL endpoint. No other file of this process reads the environment. */
import { readSettings } from "@storagex/contract/settings/read-settings";
import { bindingsSchema, nodeSettingsSchema } from "@storagex/contract/settings/settings";
import { z } from "zod";

const schema = z.object({
  DATABASE_URL: bindingsSchema.shape.DATABASE_URL,
  SQL_ENDPOINT_HOST: z.string().min(1).default("127.0.0.1").describe("127.0.0.1"),
  SQL_ENDPOINT_PORT: z.coerce.number().int().min(0).max(65535).default(4444).describe("4444"),
  SQL_ENDPOINT_CONNECTIONS: z.coerce.number().int().min(1).max(500).default(20).describe("20"),
  LOG_LEVEL: nodeSettingsSchema.shape.LOG_LEVEL,
});

/** Reads and checks the environment. Throws one `SettingsError`. */
export function readConfig(): z.infer<typeof schema> {
  return readSettings(schema, process.env);
}
