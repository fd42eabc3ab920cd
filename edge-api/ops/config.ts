/** Settings of the one-shot commands in `ops/`. None of their other files reads the environment. */
import { readSettings } from "@storagex/contract/settings/read-settings";
import { bindingsSchema, nodeSettingsSchema } from "@storagex/contract/settings/settings";
import { z } from "zod";

const { DATABASE_URL, STORAGEX_PUBLIC_URL } = bindingsSchema.shape;
const { STORAGEX_ADMIN_EMAIL, STORAGEX_ADMIN_PASSWORD } = nodeSettingsSchema.shape;

const schema = z
  .object({
    DATABASE_URL,
    STORAGEX_PUBLIC_URL: STORAGEX_PUBLIC_URL.optional(),
    STORAGEX_ADMIN_EMAIL,
    STORAGEX_ADMIN_PASSWORD,
  })
  .refine((env) => (env.STORAGEX_ADMIN_EMAIL === undefined) === (env.STORAGEX_ADMIN_PASSWORD === undefined), {
    path: ["STORAGEX_ADMIN_EMAIL"],
    message: "set it together with STORAGEX_ADMIN_PASSWORD, or neither",
  });

/** Reads and checks the environment. Throws one `SettingsError`. */
export function readConfig(): z.infer<typeof schema> {
  return readSettings(schema, process.env);
}
