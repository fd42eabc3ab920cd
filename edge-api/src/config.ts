/** Settings of the Worker: its bindings, read and checked once per isolate, at the first request. */
import { profileChoiceSchema } from "@storagex/contract/profile";
import { z } from "zod";

const http = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ""));
const flag = z.enum(["0", "1", "true", "false"]).transform((text) => text === "1" || text === "true");
const seconds = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const bytes = z.coerce.number().int().min(0);

const signingKeySchema = z.object({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  kid: z.string().min(1),
  x: z.string().min(1),
  y: z.string().min(1),
  d: z.string().min(1),
});
export type SigningKey = z.infer<typeof signingKeySchema>;

const keySet = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "is not JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.object({ keys: z.array(signingKeySchema).min(1) }));

const credentials = z.string().transform((text, context) => {
  const list = text.split(",").map((entry) => /^([\w.-]{1,64}):([0-9a-f]{64})$/.exec(entry.trim()));
  const known = new Map<string, string>();
  for (const match of list) {
    const [, id, hash] = match ?? [];
    if (id === undefined || hash === undefined) {
      context.addIssue({ code: "custom", message: "is not a list of id:sha256hex(secret)" });
      return z.NEVER;
    }
    known.set(id, hash);
  }
  return known;
});

/** Choices separated by commas; a quality must be among them, for tickets that name none. */
const profiles = z
  .string()
  .transform((text) => text.split(",").map((choice) => choice.trim()))
  .pipe(z.array(profileChoiceSchema))
  .refine((choices) => choices.some((choice) => choice !== "av1"), "allows neither fast nor fine");

/** The text bindings; an empty one counts as unset. Each description is the example shown when it is wrong. */
const textSchema = z.object({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .describe("postgresql://user:password@host:5432/storagex"),
  SQL_ENDPOINT_URL: http.optional().describe("http://127.0.0.1:4444/sql; empty for Neon"),
  S3_ENDPOINT: http.describe("https://s3.example.org"),
  S3_PUBLIC_ENDPOINT: http.optional().describe("https://s3.example.org"),
  S3_REGION: z.string().min(1).default("us-east-1").describe("us-east-1"),
  S3_BUCKET: z.string().min(3).max(63).describe("storagex"),
  S3_ACCESS_KEY_ID: z.string().min(1).describe("AKIA…"),
  S3_SECRET_ACCESS_KEY: z.string().min(1).describe("the secret of that key"),
  STORAGEX_PUBLIC_URL: http.describe("https://video.example.org"),
  STORAGEX_SIGNING_KEYS: keySet.describe(
    '{"keys":[{"kty":"EC","crv":"P-256","kid":"a","x":"…","y":"…","d":"…"}]}',
  ),
  STORAGEX_REGISTRATION: z.enum(["open", "closed"]).default("closed").describe("open"),
  STORAGEX_INSECURE_HTTP: flag.default(false).describe("1"),
  BRIDGE_URL: http.describe("https://bridge.example.org"),
  STORAGEX_WORKER_CREDENTIALS: credentials.describe("worker:<sha256 of the secret in hex>"),
  STORAGEX_MAX_UPLOAD_BYTES: bytes.min(1).default(50_000_000_000).describe("50000000000"),
  STORAGEX_QUOTA_BYTES: bytes.default(0).describe("0 for no limit"),
  STORAGEX_PROFILES: profiles.default(["fast", "fine"]).describe("fast,fine,av1"),
  STORAGEX_PART_URL_SECONDS: seconds(1, 3600).default(3600).describe("3600"),
  STORAGEX_MEDIA_URL_SECONDS: seconds(0, 43_200).default(0).describe("0 for twice the duration and an hour"),
  STORAGEX_WINDOW_SECONDS: seconds(1, 3600).default(300).describe("300"),
  STORAGEX_CLIENT_ADDRESS_HEADER: z.string().optional().describe("cf-connecting-ip"),
});

type TextName = keyof typeof textSchema.shape;

/** What the runtime gives the Worker. All text may be missing: it starts all the same, and /readyz says so. */
export type Env = { readonly [name in TextName]?: string } & {
  readonly HUB: DurableObjectNamespace;
  readonly CLOCK: DurableObjectNamespace;
  /** Cloudflare and `wrangler dev`. */
  readonly ASSETS?: Fetcher;
  /** Plain workerd: its `disk` service over web's built client. */
  readonly ASSETS_DISK?: Fetcher;
};

export type Config = Readonly<
  Omit<z.infer<typeof textSchema>, "S3_PUBLIC_ENDPOINT"> & {
    S3_PUBLIC_ENDPOINT: string;
    /** Origin of the public URL: what browsers send as `Origin`, and the issuer of our tokens. */
    publicOrigin: string;
    /** Whether cookies are Secure: everywhere but on plain http that was allowed. */
    secureCookies: boolean;
  }
>;

/** The configuration does not stand; the message names every bad variable with an example. */
export class ConfigError extends Error {}

let known: Config | ConfigError | undefined;

/** The configuration of this isolate. Throws `ConfigError`. */
export function configOf(env: Env): Config {
  known ??= readConfig(env);
  if (known instanceof ConfigError) throw known;
  return known;
}

/** Reads and checks the bindings without keeping them. */
export function readConfig(env: Readonly<Partial<Record<TextName, string>>>): Config | ConfigError {
  const names = Object.keys(textSchema.shape) as TextName[];
  const given = Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const read = textSchema.safeParse(given);
  if (!read.success) {
    const lines = read.error.issues.map(
      (issue) => `${String(issue.path[0])}: ${issue.message} (for example ${exampleOf(issue.path[0])})`,
    );
    return new ConfigError(`These settings are not right:\n${lines.join("\n")}`);
  }
  const { protocol, hostname, origin } = new URL(read.data.STORAGEX_PUBLIC_URL);
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol === "http:" && !isLoopback && !read.data.STORAGEX_INSECURE_HTTP) {
    return new ConfigError(
      "STORAGEX_PUBLIC_URL: sign-in over plain http can be read on the way. Put TLS before StorageX and set an " +
        "https address, or accept the risk in your own network with STORAGEX_INSECURE_HTTP=1",
    );
  }
  return {
    ...read.data,
    S3_PUBLIC_ENDPOINT: read.data.S3_PUBLIC_ENDPOINT ?? read.data.S3_ENDPOINT,
    publicOrigin: origin,
    secureCookies: protocol === "https:",
  };
}

function exampleOf(name: PropertyKey | undefined): string {
  const fields: Record<string, { description?: string | undefined }> = textSchema.shape;
  return fields[String(name)]?.description ?? "see docs/operations.md";
}
