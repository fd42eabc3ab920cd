/** Settings of the stack: the one place in `stack/` that reads the environment. */
import { resolve } from "node:path";
import { emailSchema, newPasswordSchema } from "@storagex/contract/account";
import { z } from "zod";

const port = z.coerce.number().int().min(1).max(65535);
const flag = z.enum(["0", "1", "true", "false"]).transform((text) => text === "1" || text === "true");
const http = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ""));

/** Each field's description is the example shown when its variable is wrong. */
const schema = z.object({
  STORAGEX_HOST: z.string().min(1).default("127.0.0.1").describe("127.0.0.1"),
  STORAGEX_PORT: port.optional().describe("3000"),
  STORAGEX_S3_PORT: port.optional().describe("9000"),
  STORAGEX_PUBLIC_URL: http.optional().describe("https://video.example.org"),
  STORAGEX_DATA: z.string().min(1).default(".storagex").describe("/var/lib/storagex"),
  STORAGEX_ADMIN_EMAIL: emailSchema.optional().describe("you@example.org"),
  STORAGEX_ADMIN_PASSWORD: newPasswordSchema.optional().describe("a long sentence only you know"),
  STORAGEX_REGISTRATION: z.enum(["open", "closed"]).default("open").describe("open"),
  STORAGEX_INSECURE_HTTP: flag.default(false).describe("1"),
  STORAGEX_WORKERS: z.coerce.number().int().min(0).max(64).default(1).describe("1"),
  STORAGEX_SIGNING_KEYS: z.string().startsWith("{").optional().describe('{"keys":[{"kty":"EC",…}]}'),
  STORAGEX_MAX_UPLOAD_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(50_000_000_000)
    .describe("50000000000"),
  STORAGEX_QUOTA_BYTES: z.coerce.number().int().min(0).default(0).describe("0"),
  STORAGEX_PROFILES: z
    .string()
    .regex(/^(?=.*fast|.*fine)(fast|fine|av1)(,(fast|fine|av1))*$/)
    .default("fast,fine")
    .describe("fast,fine,av1"),
  STORAGEX_PART_URL_SECONDS: z.coerce.number().int().min(1).max(3600).default(3600).describe("3600"),
  STORAGEX_MEDIA_URL_SECONDS: z.coerce.number().int().min(0).max(43_200).default(0).describe("0"),
  STORAGEX_WINDOW_SECONDS: z.coerce.number().int().min(1).max(3600).default(300).describe("300"),
  STORAGEX_CLIENT_ADDRESS_HEADER: z.string().default("").describe("x-real-ip"),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .refine(hasUserAndDatabase, { message: "needs a user and a database" })
    .optional()
    .describe("postgresql://user:password@127.0.0.1:5432/storagex"),
  AMQP_URL: z
    .url({ protocol: /^amqps?$/ })
    .optional()
    .describe("amqp://user:password@127.0.0.1:5672"),
  S3_ENDPOINT: http.optional().describe("https://s3.example.org"),
  S3_PUBLIC_ENDPOINT: http.optional().describe("https://s3.example.org"),
  S3_REGION: z.string().min(1).default("us-east-1").describe("us-east-1"),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
    .default("storagex")
    .describe("storagex"),
  S3_ACCESS_KEY_ID: z.string().min(1).optional().describe("AKIA…"),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional().describe("a secret of your S3"),
  WORKER_SLOTS: z.coerce.number().int().min(1).max(64).optional().describe("2"),
  H264_ENCODER: z.enum(["software", "auto", "nvenc", "qsv", "vaapi"]).default("software").describe("auto"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info").describe("info"),
  CRASH_AT: z.string().optional().describe("after_claim"),
});

export type Config = z.infer<typeof schema>;
type Environment = Readonly<Record<string, string | undefined>>;

/** What every part gets from the environment, and nothing else. */
const INHERITED = ["PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"];

/** The environment that parts inherit: no secret of another program reaches them. */
export function inherited(env: Environment = process.env): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}

/**
 * Reads and checks the environment (an empty value counts as unset); `STORAGEX_DATA` is made absolute, seen from
 * `folder`. Throws ONE Error that names every bad variable with an example.
 */
export function readConfig(folder: string, env: Environment = process.env): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  );
  const read = schema.safeParse(given);
  const problems = read.success
    ? togetherProblems(read.data)
    : read.error.issues.map(
        (issue) => `${issue.path.join(".")}: ${issue.message} (${exampleOf(String(issue.path[0]))})`,
      );
  if (!read.success || problems.length > 0) {
    throw new Error(`These settings are not right:\n${problems.map((line) => `  ${line}`).join("\n")}`);
  }
  return { ...read.data, STORAGEX_DATA: resolve(folder, read.data.STORAGEX_DATA) };
}

/** Rules over more than one variable. */
function togetherProblems(config: Config): string[] {
  const problems: string[] = [];
  const email = config.STORAGEX_ADMIN_EMAIL !== undefined;
  if (email !== (config.STORAGEX_ADMIN_PASSWORD !== undefined)) {
    problems.push("STORAGEX_ADMIN_EMAIL and STORAGEX_ADMIN_PASSWORD: set both or none");
  }
  if (config.S3_ENDPOINT && !(config.S3_ACCESS_KEY_ID && config.S3_SECRET_ACCESS_KEY)) {
    problems.push("S3_ENDPOINT: needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY too");
  }
  if (config.STORAGEX_PORT !== undefined && config.STORAGEX_PORT === config.STORAGEX_S3_PORT) {
    problems.push("STORAGEX_S3_PORT: is the same as STORAGEX_PORT");
  }
  const publicUrl = config.STORAGEX_PUBLIC_URL ?? `http://${config.STORAGEX_HOST}`;
  if (!isSafe(publicUrl) && !config.STORAGEX_INSECURE_HTTP) {
    problems.push(
      `${config.STORAGEX_PUBLIC_URL ? "STORAGEX_PUBLIC_URL" : "STORAGEX_HOST"}: sign-in over plain http can be read on ` +
        "the way. Put a TLS proxy (Caddy, nginx) before StorageX and set STORAGEX_PUBLIC_URL=https://your.name, " +
        "or accept the risk in your own network with STORAGEX_INSECURE_HTTP=1",
    );
  }
  if (publicUrl.startsWith("https:") && !config.S3_PUBLIC_ENDPOINT) {
    problems.push(
      "S3_PUBLIC_ENDPOINT: a page under https may load media only from https: set the https address of the S3 " +
        `(${exampleOf("S3_PUBLIC_ENDPOINT")})`,
    );
  }
  return problems;
}

/** Encrypted, or never leaving this machine; a wildcard address is served, but only loopback is announced. */
function isSafe(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || /^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0|\[::\])$/.test(hostname);
}

function hasUserAndDatabase(text: string): boolean {
  const { username, pathname } = new URL(text);
  return username !== "" && pathname.length > 1;
}

function exampleOf(name: string): string {
  const fields: Record<string, { description?: string | undefined }> = schema.shape;
  return `for example ${fields[name]?.description ?? "see README"}`;
}

/** Whether npm started this process. */
export function isUnderNpm(env: Environment = process.env): boolean {
  return env.npm_lifecycle_event !== undefined;
}
