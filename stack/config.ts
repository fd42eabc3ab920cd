/** The stack's settings. Nothing else in `stack/` reads the environment. */
import { resolve } from "node:path";
import { readSettings, SettingsError } from "@storagex/contract/settings/read-settings";
import {
  bindingsSchema,
  isLoopback,
  nodeSettingsSchema,
  PLAIN_HTTP,
} from "@storagex/contract/settings/settings";
import { z } from "zod";

const port = z.coerce.number().int().min(1).max(65535);
const { S3_BUCKET, STORAGEX_REGISTRATION } = bindingsSchema.shape;

/** What `npm start` reads. */
export const stackSettingsSchema = z.object({
  STORAGEX_HOST: z.string().min(1).default("127.0.0.1").describe("127.0.0.1"),
  STORAGEX_PORT: port.optional().describe("3000"),
  STORAGEX_S3_PORT: port.optional().describe("9000"),
  STORAGEX_DATA: z.string().min(1).default(".storagex").describe("/var/lib/storagex"),
  STORAGEX_WORKERS: z.coerce.number().int().min(0).max(64).default(1).describe("1"),
  STORAGEX_REGISTRATION: STORAGEX_REGISTRATION.unwrap().default("open").describe("open"),
  S3_BUCKET: S3_BUCKET.default("storagex"),
  ...bindingsSchema.pick({
    STORAGEX_INSECURE_HTTP: true,
    STORAGEX_INSECURE_STORAGE: true,
    STORAGEX_EARLY_START: true,
    STORAGEX_CLIENT_ADDRESS_HEADER: true,
    STORAGEX_MAX_UPLOAD_BYTES: true,
    STORAGEX_API_ORIGINS: true,
    STORAGEX_RATE_PER_MINUTE: true,
    STORAGEX_WEBHOOK_ALLOW: true,
    STORAGEX_IMPORT_ALLOW: true,
    STORAGEX_QUOTA_BYTES: true,
    STORAGEX_PROFILES: true,
    STORAGEX_PART_URL_SECONDS: true,
    STORAGEX_MEDIA_URL_SECONDS: true,
    STORAGEX_WINDOW_SECONDS: true,
    S3_REGION: true,
  }).shape,
  // Where unset, the stack uses its own: an address it listens on, a service it starts, a secret it created.
  ...bindingsSchema
    .pick({
      STORAGEX_PUBLIC_URL: true,
      STORAGEX_SHARING: true,
      STORAGEX_SIGNING_KEYS: true,
      DATABASE_URL: true,
      S3_ENDPOINT: true,
      S3_PUBLIC_ENDPOINT: true,
      S3_ACCESS_KEY_ID: true,
      S3_SECRET_ACCESS_KEY: true,
    })
    .partial().shape,
  ...nodeSettingsSchema.partial({ AMQP_URL: true }).shape,
});

export type Config = z.infer<typeof stackSettingsSchema>;
type Environment = Readonly<Record<string, string | undefined>>;

/** The only environment variables that every service inherits. */
const INHERITED = ["PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"];

/** The environment that services inherit: no secret of another program reaches them. */
export function inherited(env: Environment = process.env): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}

/**
 * Reads and checks the environment. A relative `STORAGEX_DATA` is resolved against `folder`. Throws one
 * `SettingsError`.
 */
export function readConfig(folder: string, env: Environment = process.env): Config {
  const config = readSettings(stackSettingsSchema, env);
  const problems = togetherProblems(config);
  if (problems.length > 0) throw new SettingsError(problems);
  return { ...config, STORAGEX_DATA: resolve(folder, config.STORAGEX_DATA) };
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
  const isHttps = config.STORAGEX_PUBLIC_URL?.startsWith("https:") === true;
  // A loopback public URL with a wider host means a forwarded port or a container: the operator says so, we
  // do not guess.
  const name = config.STORAGEX_PUBLIC_URL
    ? new URL(config.STORAGEX_PUBLIC_URL).hostname
    : config.STORAGEX_HOST;
  if (!isHttps && !isLoopback(name) && !config.STORAGEX_INSECURE_HTTP) {
    problems.push(`${config.STORAGEX_PUBLIC_URL ? "STORAGEX_PUBLIC_URL" : "STORAGEX_HOST"}: ${PLAIN_HTTP}`);
  }
  if (isHttps && !config.S3_PUBLIC_ENDPOINT) {
    problems.push(
      "S3_PUBLIC_ENDPOINT: a page under https may load media only from https: set the https address of the S3 " +
        "(for example https://s3.example.org)",
    );
  }
  return problems;
}

/** Whether npm started this process. */
export function isUnderNpm(env: Environment = process.env): boolean {
  return env.npm_lifecycle_event !== undefined;
}
