/** Settings of the SQL endpoint: the one place of this process that reads the environment. */
import { z } from "zod";

const schema = z.object({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .refine((text) => new URL(text).username !== "" && new URL(text).pathname.length > 1, {
      message: "needs a user and a database",
    })
    .describe("postgresql://user:password@127.0.0.1:5432/storagex"),
  SQL_ENDPOINT_HOST: z.string().min(1).default("127.0.0.1").describe("127.0.0.1"),
  SQL_ENDPOINT_PORT: z.coerce.number().int().min(0).max(65535).default(4444).describe("4444"),
  SQL_ENDPOINT_CONNECTIONS: z.coerce.number().int().min(1).max(500).default(20).describe("20"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info").describe("info"),
});

export type Config = z.infer<typeof schema>;

/** Reads and checks the environment; throws ONE Error that names every bad variable with an example. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const read = schema.safeParse(env);
  if (read.success) return read.data;
  const examples = new Map<string, string | undefined>(
    Object.entries(schema.shape).map(([name, field]) => [name, field.description]),
  );
  const lines = read.error.issues.map(
    (issue) =>
      `  ${issue.path.join(".")}: ${issue.message} (for example ${examples.get(String(issue.path[0]))})`,
  );
  throw new Error(`The SQL endpoint's environment is not right:\n${lines.join("\n")}`);
}
