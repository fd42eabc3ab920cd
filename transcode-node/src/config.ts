/**
 * Configuration of the bridge, the worker, the webhook sender and the importer: the only place of this workspace that reads the environment.
 */
import { availableParallelism, hostname, totalmem } from "node:os";
import { IMPORTER_ID, SENDER_ID } from "@storagex/contract/routes/internal";
import { readSettings } from "@storagex/contract/settings/read-settings";
import { bindingsSchema, nodeSettingsSchema } from "@storagex/contract/settings/settings";
import { jsonTextSchema } from "@storagex/contract/text/json-text";
import { z } from "zod";

/** Text that matches `form`; missing and malformed values get the same message. */
const text = (form: RegExp, error: string) => z.string({ error }).regex(form, { error });

const { AMQP_URL, LOG_LEVEL, WORKER_SLOTS, WORKER_MEMORY_BYTES, H264_ENCODER, DEINTERLACE } =
  nodeSettingsSchema.shape;
const port = z.coerce.number().int().min(0).max(65_535);

const verifyKeys = jsonTextSchema.pipe(
  z.object({
    keys: z
      .array(z.looseObject({ kty: z.literal("EC"), crv: z.literal("P-256"), x: z.string(), y: z.string() }))
      .min(1),
  }),
);

const bridgeSchema = z.object({
  AMQP_URL,
  BRIDGE_HOST: z.string().min(1).default("127.0.0.1"),
  BRIDGE_PORT: port.default(8090).describe("8090"),
  BRIDGE_VERIFY_KEYS: verifyKeys.describe('the public JWK set {"keys":[{"kty":"EC",…}]}'),
  LOG_LEVEL,
});

const GIB = 2 ** 30;
/**
 * Memory of one FFmpeg with the whole ladder of a 2160p source as measured (1.7 GiB on two cores; 0.5 for
 * 1080p).
 */
const SLOT_MEMORY = 1.75 * GIB;

/**
 * Tasks that a worker runs at a time. At least two, as measured on two cores: audio runs beside the first
 * chunk, and one chunk's start, checks and upload overlap another's encoding; with one, the cores idle
 * between chunks. One FFmpeg decodes and scales on few threads, so more than eight cores get a further task
 * for every four (reasoned, not measured). Never more than fit in memory.
 */
export function slotsFor(cores: number, memoryBytes: number): number {
  const byCores = Math.max(2, Math.ceil(cores / 4));
  return Math.min(64, byCores, Math.max(1, Math.floor(memoryBytes / SLOT_MEMORY)));
}

/** Bytes within the container's limit; without a limit the machine's other services need some too. */
function memoryHere(): number {
  const limit = process.constrainedMemory();
  return Math.min(limit > 0 ? limit : Infinity, totalmem() - 1.5 * GIB);
}

export const slotsHere = (): number => slotsFor(availableParallelism(), memoryHere());

/** The worker process needs memory besides its FFmpeg processes. */
const ffmpegMemoryHere = (): number => Math.max(SLOT_MEMORY, memoryHere() - GIB / 2);

const workerSchema = z.object({
  AMQP_URL,
  EDGE_API_URL: z
    .url({ protocol: /^https?$/, error: "must be an address" })
    .describe("http://127.0.0.1:3000"),
  /** Containers of one service share their environment, but not their host name. */
  WORKER_NAME: text(/^.{1,64}$/, "must be a name of 1 to 64 characters")
    .default(hostname)
    .describe("worker-1"),
  WORKER_CREDENTIAL: text(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{16,}$/, "must be id.secret").describe(
    "w1.5pX0c9Qw2mE7rT1yU8iO",
  ),
  WORKER_SCRATCH: text(/./, "must be a folder on a disk with room").describe("/scratch"),
  WORKER_SLOTS: WORKER_SLOTS.unwrap().default(slotsHere).describe("2"),
  WORKER_MEMORY_BYTES: WORKER_MEMORY_BYTES.unwrap().default(ffmpegMemoryHere).describe("3758096384"),
  WORKER_HEALTH_HOST: z.string().min(1).default("127.0.0.1"),
  /** 0 = no health server. */
  WORKER_HEALTH_PORT: port.default(0).describe("9090"),
  H264_ENCODER,
  DEINTERLACE,
  FFMPEG_PATH: z.string().min(1).default("ffmpeg"),
  FFPROBE_PATH: z.string().min(1).default("ffprobe"),
  LOG_LEVEL,
});

const senderSchema = z.object({
  AMQP_URL,
  EDGE_API_URL: workerSchema.shape.EDGE_API_URL,
  WEBHOOKS_CREDENTIAL: text(
    new RegExp(`^${SENDER_ID}\\.[A-Za-z0-9_-]{16,}$`),
    `must be ${SENDER_ID}.secret`,
  ).describe("webhooks.5pX0c9Qw2mE7rT1yU8iO"),
  STORAGEX_WEBHOOK_ALLOW: bindingsSchema.shape.STORAGEX_WEBHOOK_ALLOW,
  WEBHOOKS_HEALTH_HOST: z.string().min(1).default("127.0.0.1"),
  WEBHOOKS_HEALTH_PORT: port.default(9091).describe("9091"),
  LOG_LEVEL,
});

const importerSchema = z.object({
  EDGE_API_URL: workerSchema.shape.EDGE_API_URL,
  IMPORTS_CREDENTIAL: text(
    new RegExp(`^${IMPORTER_ID}\\.[A-Za-z0-9_-]{16,}$`),
    `must be ${IMPORTER_ID}.secret`,
  ).describe("imports.5pX0c9Qw2mE7rT1yU8iO"),
  STORAGEX_IMPORT_ALLOW: bindingsSchema.shape.STORAGEX_IMPORT_ALLOW,
  IMPORTS_HEALTH_HOST: z.string().min(1).default("127.0.0.1"),
  IMPORTS_HEALTH_PORT: port.default(9092).describe("9092"),
  LOG_LEVEL,
});

export type BridgeConfig = z.infer<typeof bridgeSchema>;
export type WorkerConfig = z.infer<typeof workerSchema>;

type Environment = Readonly<Record<string, string | undefined>>;

/** The bridge's settings. Throws one `SettingsError` for all bad variables. */
export const readBridgeConfig = (env: Environment = process.env): BridgeConfig =>
  readSettings(bridgeSchema, env);

/** The webhook sender's settings. Throws one `SettingsError` for all bad variables. */
export const readSenderConfig = (env: Environment = process.env): z.infer<typeof senderSchema> =>
  readSettings(senderSchema, env);

/** The importer's settings. Throws one `SettingsError` for all bad variables. */
export const readImporterConfig = (env: Environment = process.env): z.infer<typeof importerSchema> =>
  readSettings(importerSchema, env);

/** The worker's settings. Throws one `SettingsError` for all bad variables. */
export const readWorkerConfig = (env: Environment = process.env): WorkerConfig =>
  readSettings(workerSchema, env);
