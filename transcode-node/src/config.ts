/** Configuration of the bridge and of the worker: the only place of this workspace that reads the environment. */
import { availableParallelism, hostname, totalmem } from "node:os";
import { z } from "zod";
import { ENCODER_CHOICES } from "./media/encoders/encoder.ts";

/** Text of a form; missing and malformed get the same sentence, with an example. */
const text = (form: RegExp, error: string) => z.string({ error }).regex(form, { error });

const amqpUrl = text(/^amqps?:\/\/\S+$/, "must be an AMQP address, e.g. amqp://user:password@127.0.0.1:5672");
const port = z.coerce.number().int().min(0).max(65_535);
const logLevel = z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info");

const verifyKeys = text(/./, 'must be the public JWK set, e.g. {"keys":[{"kty":"EC",…}]}')

  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: 'must be JSON, e.g. {"keys":[{"kty":"EC",…}]}' });
      return z.NEVER;
    }
  })
  .pipe(
    z.object({
      keys: z
        .array(z.looseObject({ kty: z.literal("EC"), crv: z.literal("P-256"), x: z.string(), y: z.string() }))
        .min(1),
    }),
  );

const bridgeSchema = z.object({
  AMQP_URL: amqpUrl,
  BRIDGE_HOST: z.string().min(1).default("127.0.0.1"),
  BRIDGE_PORT: port.default(8090),
  BRIDGE_VERIFY_KEYS: verifyKeys,
  LOG_LEVEL: logLevel,
});

export const CRASH_POINTS = ["after_claim", "after_put", "before_ack", "before_succeed"] as const;

const GIB = 2 ** 30;
/** What one FFmpeg with the whole ladder of a 2160p source was seen to hold (1.7 GiB on two cores; 0.5 for 1080p). */
const SLOT_MEMORY = 1.75 * GIB;

/**
 * Tasks that a worker does at a time. Two at least, as measured on two cores: sound runs beside the first chunk, and one
 * chunk's start, checks and upload beside another's encoding; with one the cores wait between chunks. One FFmpeg decodes
 * and scales on few threads, so more than eight cores get a further task for every four (reasoned, not measured). Never
 * more than the memory holds.
 */
export function slotsFor(cores: number, memoryBytes: number): number {
  const byCores = Math.max(2, Math.ceil(cores / 4));
  return Math.min(64, byCores, Math.max(1, Math.floor(memoryBytes / SLOT_MEMORY)));
}

/** Both cores and memory as the container's limits leave them; without a limit the machine's other parts need some too. */
export function slotsHere(): number {
  const limit = process.constrainedMemory();
  return slotsFor(availableParallelism(), Math.min(limit > 0 ? limit : Infinity, totalmem() - 1.5 * GIB));
}

const workerSchema = z.object({
  AMQP_URL: amqpUrl,
  EDGE_API_URL: z.url({ protocol: /^https?$/, error: "must be an address, e.g. http://127.0.0.1:3000" }),
  /** Containers of one service share their environment, but not their host name. */
  WORKER_NAME: text(/^.{1,64}$/, "must be a name of 1 to 64 characters, e.g. worker-1").default(hostname),
  WORKER_CREDENTIAL: text(
    /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{16,}$/,
    "must be id.secret, e.g. w1.5pX0c9Qw2mE7rT1yU8iO",
  ),
  WORKER_SCRATCH: text(/./, "must be a folder on a disk with room, e.g. /scratch"),
  WORKER_SLOTS: z.coerce.number().int().min(1).max(64).default(slotsHere),
  WORKER_HEALTH_HOST: z.string().min(1).default("127.0.0.1"),
  /** 0 = no health server. */
  WORKER_HEALTH_PORT: port.default(0),
  /** Only software is measured; `auto` takes the first hardware that passes its proof at start. */
  H264_ENCODER: z
    .enum(ENCODER_CHOICES, { error: `must be one of ${ENCODER_CHOICES.join(", ")}, e.g. auto` })
    .default("software"),
  FFMPEG_PATH: z.string().min(1).default("ffmpeg"),
  FFPROBE_PATH: z.string().min(1).default("ffprobe"),
  LOG_LEVEL: logLevel,
  /** Tests only: the process kills itself at this point. */
  CRASH_AT: z.enum(CRASH_POINTS).optional(),
});

export type BridgeConfig = z.infer<typeof bridgeSchema>;
export type WorkerConfig = z.infer<typeof workerSchema>;

type Environment = Record<string, string | undefined>;

/** Parses `env`; throws one Error that names every bad variable. Empty counts as not set. */
function parse<S extends z.ZodType>(schema: S, env: Environment): z.infer<S> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`These environment variables must be mended:\n${lines.join("\n")}`);
}

export const readBridgeConfig = (env: Environment = process.env): BridgeConfig => parse(bridgeSchema, env);

export const readWorkerConfig = (env: Environment = process.env): WorkerConfig => parse(workerSchema, env);
