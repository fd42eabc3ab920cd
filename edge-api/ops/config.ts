/** Settings of the one-shot entries in `ops/`: the one place of theirs that reads the environment. */
import { emailSchema, newPasswordSchema } from "@storagex/contract/account";
import { z } from "zod";

const schema = z
  .object({
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    STORAGEX_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
    STORAGEX_ADMIN_EMAIL: emailSchema.optional(),
    STORAGEX_ADMIN_PASSWORD: newPasswordSchema.optional(),
  })
  .refine((env) => (env.STORAGEX_ADMIN_EMAIL === undefined) === (env.STORAGEX_ADMIN_PASSWORD === undefined), {
    path: ["STORAGEX_ADMIN_EMAIL"],
    message: "set it together with STORAGEX_ADMIN_PASSWORD, or neither",
  });

export type Config = z.infer<typeof schema>;

/** Reads and checks the environment (an empty value counts as unset); throws ONE Error naming every bad variable. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value));
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const lines = read.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`These settings are not right:\n${lines.join("\n")}`);
}
