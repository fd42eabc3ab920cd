/**
 * Settings that more than one process reads: one schema each, and the example that is shown where a value is
 * wrong.
 */
import { z } from "zod";
import { emailSchema, newPasswordSchema } from "../accounts/account.ts";
import { readAllowList } from "../net/addresses.ts";
import { jsonTextSchema } from "../text/json-text.ts";
import { profileChoiceSchema } from "../videos/profile.ts";

const http = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ""));
const flag = z.enum(["0", "1", "true", "false"]).transform((text) => text === "1" || text === "true");
const seconds = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const bytes = z.coerce.number().int().min(0);

const signingKeySchema = z.object({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  kid: z.string().min(1),
  /** The algorithm for P-256 signatures; key sets made elsewhere may omit it. */
  alg: z.literal("ES256").default("ES256"),
  x: z.string().min(1),
  y: z.string().min(1),
  d: z.string().min(1),
});
export type SigningKey = z.infer<typeof signingKeySchema>;

/** A private JWK set: the first key signs, all of them verify. */
export const signingKeysSchema = z.object({ keys: z.array(signingKeySchema).min(1) });
export type SigningKeys = z.infer<typeof signingKeysSchema>;

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

/** Choices separated by commas; at least one quality is required, for tickets that name none. */
const profiles = z
  .string()
  .transform((text) => text.split(",").map((choice) => choice.trim()))
  .pipe(z.array(profileChoiceSchema))
  .refine((choices) => choices.some((choice) => choice !== "av1"), "allows neither fast nor fine");

/**
 * What may be shown to people without an account: everything, shares but no public videos, nothing. Unset:
 * `all`, but `shares` where anybody may register at a public address.
 */
const sharingChoiceSchema = z.enum(["all", "shares", "off"]);
export type SharingChoice = z.infer<typeof sharingChoiceSchema>;

/** Origins separated by commas, as browsers send them; empty for none. */
const origins = z
  .string()
  .transform((text) => text.split(",").map((entry) => entry.trim().replace(/\/$/, "")))
  .transform((list) => list.filter((entry) => entry !== ""))
  .refine(
    (list) =>
      list.every((entry) => /^https?:/.test(entry) && URL.canParse(entry) && new URL(entry).origin === entry),
    "is not a list of origins",
  );

/** Hosts and networks, separated by commas, that are not on the public internet and connected to all the same. */
const allowList = z.string().superRefine((text, context) => {
  try {
    readAllowList(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
  }
});

/** The text bindings of the Worker: `npm start`, compose and Cloudflare set these and nothing else. */
export const bindingsSchema = z.object({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, abort: true })
    .refine((text) => new URL(text).username !== "" && new URL(text).pathname.length > 1, {
      message: "needs a user and a database",
    })
    .describe("postgresql://user:password@127.0.0.1:5432/storagex"),
  SQL_ENDPOINT_URL: http.optional().describe("http://127.0.0.1:4444/sql; empty for Neon"),
  S3_ENDPOINT: http.describe("https://s3.example.org"),
  S3_PUBLIC_ENDPOINT: http.optional().describe("https://s3.example.org"),
  S3_REGION: z
    .string()
    .regex(/^[\w-]+$/)
    .default("us-east-1")
    .describe("us-east-1"),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
    .describe("storagex"),
  S3_ACCESS_KEY_ID: z.string().min(1).describe("AKIA…"),
  S3_SECRET_ACCESS_KEY: z.string().min(1).describe("the secret of that key"),
  STORAGEX_PUBLIC_URL: http.describe("https://video.example.org"),
  STORAGEX_SIGNING_KEYS: jsonTextSchema
    .pipe(signingKeysSchema)
    .describe('{"keys":[{"kty":"EC","crv":"P-256","kid":"a","x":"…","y":"…","d":"…"}]}'),
  STORAGEX_REGISTRATION: z.enum(["open", "closed"]).default("closed").describe("open"),
  STORAGEX_SHARING: sharingChoiceSchema.optional().describe("shares"),
  STORAGEX_API_ORIGINS: origins.optional().describe("https://app.example.org,https://example.com"),
  STORAGEX_INSECURE_HTTP: flag.default(false).describe("1"),
  STORAGEX_INSECURE_STORAGE: flag.default(false).describe("1"),
  BRIDGE_URL: http.describe("https://bridge.example.org"),
  STORAGEX_WORKER_CREDENTIALS: credentials.describe("worker:<sha256 of the secret in hex>"),
  STORAGEX_EARLY_START: flag.default(true).describe("1"),
  STORAGEX_MAX_UPLOAD_BYTES: bytes.min(1).default(50_000_000_000).describe("50000000000"),
  STORAGEX_QUOTA_BYTES: bytes.default(0).describe("0 for no limit"),
  STORAGEX_PROFILES: profiles.default(["fast", "fine"]).describe("fast,fine,av1"),
  STORAGEX_PART_URL_SECONDS: seconds(1, 3600).default(3600).describe("3600"),
  STORAGEX_MEDIA_URL_SECONDS: seconds(0, 43_200).default(0).describe("0 for twice the duration and an hour"),
  STORAGEX_WINDOW_SECONDS: seconds(1, 3600).default(300).describe("300"),
  STORAGEX_WEBHOOK_ALLOW: allowList.optional().describe("hooks.internal.example.org,10.0.0.0/8"),
  STORAGEX_IMPORT_ALLOW: allowList.optional().describe("media.internal.example.org,10.0.0.0/8"),
  STORAGEX_RATE_PER_MINUTE: z.coerce.number().int().min(0).default(1_200).describe("1200, or 0 for no limit"),
  STORAGEX_CLIENT_ADDRESS_HEADER: z.string().optional().describe("x-real-ip"),
});

export type BindingName = keyof typeof bindingsSchema.shape;

/** What an operator may choose; `auto` uses the first hardware encoder that passes its test. */
export const encoderChoiceSchema = z.enum(["software", "auto", "nvenc", "qsv", "vaapi"]);

/**
 * How interlaced frames are converted: 25 interlaced frames a second (50i) become 25 frames (`frames`) or 50
 * frames, one per field (`fields`).
 */
export const deinterlaceSchema = z.enum(["frames", "fields"]);
export type Deinterlace = z.infer<typeof deinterlaceSchema>;

/** Further settings that several Node services read. */
export const nodeSettingsSchema = z.object({
  AMQP_URL: z.url({ protocol: /^amqps?$/ }).describe("amqp://user:password@127.0.0.1:5672"),
  /** Tasks that a worker runs at a time; where it is unset, the worker derives it from cores and memory. */
  WORKER_SLOTS: z.coerce.number().int().min(1).max(64).optional().describe("2"),
  /**
   * Bytes that a worker's FFmpeg processes may use together; where it is unset, the worker derives it from
   * its memory.
   */
  WORKER_MEMORY_BYTES: z.coerce
    .number()
    .int()
    .min(2 ** 28)
    .optional()
    .describe("3758096384"),
  /** Benchmarks cover only software encoding. */
  H264_ENCODER: encoderChoiceSchema.default("software").describe("auto"),
  DEINTERLACE: deinterlaceSchema.default("frames").describe("fields"),
  LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"])
    .default("info")
    .describe("info"),
  /** The first administrator, created at a start without one; set both or none. */
  STORAGEX_ADMIN_EMAIL: emailSchema.optional().describe("you@example.org"),
  STORAGEX_ADMIN_PASSWORD: newPasswordSchema.optional().describe("a long sentence only you know"),
});

/**
 * Whether traffic to `host` never leaves this machine. A name or an address, as in a URL or as one listens on
 * it.
 */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[?::1\]?)$/.test(host);
}

/** The message where an address over plain HTTP is refused. */
export const PLAIN_HTTP =
  "sign-in over plain http can be read on the way. Put a TLS proxy (Caddy, nginx) before StorageX and set " +
  "STORAGEX_PUBLIC_URL=https://your.name, or accept the risk in your own network with STORAGEX_INSECURE_HTTP=1";
