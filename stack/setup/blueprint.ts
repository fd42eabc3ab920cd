/** From settings to services: which ones this stack has, and the addresses and secrets that each gets. */
import { join } from "node:path";
import { type BindingName, isLoopback } from "@storagex/contract/settings/settings";
import { hostPort, reachable } from "../address.ts";
import type { Config } from "../config.ts";
import { bridgeService, bridgeUrlOf } from "../services/bridge.ts";
import { importsService } from "../services/imports.ts";
import { databaseUrlOf, type PostgresSettings, postgresService } from "../services/postgres.ts";
import { amqpUrlOf, epmdService, rabbitService } from "../services/rabbitmq.ts";
import { type S3Access, s3Service } from "../services/s3.ts";
import type { Service } from "../services/service.ts";
import { isNeon, sqlEndpointService, sqlUrlOf } from "../services/sql-endpoint.ts";
import { webhooksService } from "../services/webhooks.ts";
import { workerService } from "../services/worker.ts";
import { workerdService } from "../services/workerd.ts";
import type { DataFolder } from "./data-folder.ts";
import type { Ports } from "./ports.ts";
import type { Programs } from "./programs.ts";
import { credentialDigests, publicKeysOf, type Secrets } from "./secrets.ts";

/** With a loopback public URL, the page answers under each of these names. */
const LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"];

export type Blueprint = {
  /** Undefined where `DATABASE_URL` names another. */
  postgres: { settings: PostgresSettings; service: Service } | undefined;
  /** Undefined with Neon, which needs none. */
  sqlEndpoint: Service | undefined;
  /** Port mapper and broker; undefined where `AMQP_URL` names another. */
  broker: { epmd: Service; rabbitmq: Service } | undefined;
  /** Undefined where `S3_ENDPOINT` names another. */
  s3: Service | undefined;
  bucket: S3Access;
  amqpUrl: string;
  bridge: Service;
  workerd: Service;
  webhooks: Service;
  imports: Service;
  workers: Service[];
  /** The Worker's bindings, by name. */
  bindings: Readonly<Record<BindingName, string>>;
  databaseUrl: string;
  publicUrl: string;
  /** The URL by which the stack itself reaches the edge API. */
  localUrl: string;
};

/** Lays out one stack; reads and starts nothing. */
export function layOut(
  config: Config,
  folder: DataFolder,
  secrets: Secrets,
  ports: Ports,
  programs: Programs,
): Blueprint {
  const host = config.STORAGEX_HOST;
  const localUrl = `http://${hostPort(reachable(host), ports.web)}`;
  const publicUrl = config.STORAGEX_PUBLIC_URL ?? localUrl;
  const settings = { folder: folder.postgres, port: ports.postgres, password: secrets.databasePassword };
  const databaseUrl = config.DATABASE_URL ?? databaseUrlOf(settings);
  const rabbit = { folder: folder.rabbitmq, port: ports.amqp, password: secrets.brokerPassword };
  const amqpUrl = config.AMQP_URL ?? amqpUrlOf(rabbit);
  const bucket = bucketOf(config, secrets, ports);
  const keys = config.STORAGEX_SIGNING_KEYS ?? secrets.signingKeys;
  const speaksHttp = isNeon(databaseUrl);
  const { rabbit: program } = programs;

  const bindings: Record<BindingName, string> = {
    DATABASE_URL: databaseUrl,
    SQL_ENDPOINT_URL: speaksHttp ? "" : sqlUrlOf(ports.sql),
    S3_ENDPOINT: bucket.endpoint,
    S3_PUBLIC_ENDPOINT: publicS3(config, publicUrl, bucket, ports),
    S3_REGION: bucket.region,
    S3_BUCKET: bucket.bucket,
    S3_ACCESS_KEY_ID: bucket.accessKeyId,
    S3_SECRET_ACCESS_KEY: bucket.secretAccessKey,
    STORAGEX_PUBLIC_URL: publicUrl,
    STORAGEX_SIGNING_KEYS: JSON.stringify(keys),
    STORAGEX_REGISTRATION: config.STORAGEX_REGISTRATION,
    STORAGEX_SHARING: config.STORAGEX_SHARING ?? "",
    STORAGEX_API_ORIGINS: config.STORAGEX_API_ORIGINS?.join(",") ?? "",
    STORAGEX_INSECURE_HTTP: config.STORAGEX_INSECURE_HTTP ? "1" : "0",
    STORAGEX_INSECURE_STORAGE: config.STORAGEX_INSECURE_STORAGE ? "1" : "0",
    STORAGEX_EARLY_START: config.STORAGEX_EARLY_START ? "1" : "0",
    BRIDGE_URL: bridgeUrlOf(ports.bridge),
    STORAGEX_WORKER_CREDENTIALS: credentialDigests(secrets),
    STORAGEX_MAX_UPLOAD_BYTES: String(config.STORAGEX_MAX_UPLOAD_BYTES),
    STORAGEX_QUOTA_BYTES: String(config.STORAGEX_QUOTA_BYTES),
    STORAGEX_PROFILES: config.STORAGEX_PROFILES.join(","),
    STORAGEX_PART_URL_SECONDS: String(config.STORAGEX_PART_URL_SECONDS),
    STORAGEX_MEDIA_URL_SECONDS: String(config.STORAGEX_MEDIA_URL_SECONDS),
    STORAGEX_WINDOW_SECONDS: String(config.STORAGEX_WINDOW_SECONDS),
    STORAGEX_WEBHOOK_ALLOW: config.STORAGEX_WEBHOOK_ALLOW ?? "",
    STORAGEX_IMPORT_ALLOW: config.STORAGEX_IMPORT_ALLOW ?? "",
    STORAGEX_RATE_PER_MINUTE: String(config.STORAGEX_RATE_PER_MINUTE),
    STORAGEX_CLIENT_ADDRESS_HEADER: config.STORAGEX_CLIENT_ADDRESS_HEADER ?? "",
  };
  const worker = {
    amqpUrl,
    edgeApiUrl: localUrl,
    credential: `${secrets.worker.id}.${secrets.worker.secret}`,
    scratch: folder.scratch,
    ffmpeg: programs.ffmpeg,
    h264Encoder: config.H264_ENCODER,
    deinterlace: config.DEINTERLACE,
    slots: config.WORKER_SLOTS,
    memoryBytes: config.WORKER_MEMORY_BYTES,
    logLevel: config.LOG_LEVEL,
  };
  const webhooks = {
    amqpUrl,
    edgeApiUrl: localUrl,
    credential: `${secrets.sender.id}.${secrets.sender.secret}`,
    allow: config.STORAGEX_WEBHOOK_ALLOW ?? "",
    healthPort: ports.webhooks,
    logLevel: config.LOG_LEVEL,
  };
  const imports = {
    edgeApiUrl: localUrl,
    credential: `${secrets.importer.id}.${secrets.importer.secret}`,
    allow: config.STORAGEX_IMPORT_ALLOW ?? "",
    healthPort: ports.imports,
    logLevel: config.LOG_LEVEL,
  };
  const wantsBroker = config.AMQP_URL === undefined && program !== undefined;

  return {
    postgres:
      config.DATABASE_URL === undefined ? { settings, service: postgresService(settings) } : undefined,
    sqlEndpoint: speaksHttp ? undefined : sqlEndpointService({ port: ports.sql, databaseUrl }),
    broker: wantsBroker
      ? { epmd: epmdService({ port: ports.amqp, program }), rabbitmq: rabbitService({ ...rabbit, program }) }
      : undefined,
    s3:
      config.S3_ENDPOINT === undefined
        ? s3Service({
            ...bucket,
            folder: folder.s3,
            host,
            port: ports.s3,
            origins: uploadersOf(config, publicUrl),
          })
        : undefined,
    bucket,
    bridge: bridgeService({
      port: ports.bridge,
      amqpUrl,
      verifyKeys: publicKeysOf(keys),
      logLevel: config.LOG_LEVEL,
    }),
    workerd: workerdService({ folder: join(folder.run, "edge-api"), host, port: ports.web, bindings }),
    webhooks: webhooksService(webhooks),
    imports: importsService(imports),
    workers: Array.from({ length: config.STORAGEX_WORKERS }, (_, index) =>
      workerService(index + 1, { ...worker, healthPort: ports.workers[index] ?? 0 }),
    ),
    bindings,
    databaseUrl,
    amqpUrl,
    publicUrl,
    localUrl,
  };
}

function bucketOf(config: Config, secrets: Secrets, ports: Ports): S3Access {
  return {
    endpoint: config.S3_ENDPOINT ?? `http://${hostPort(reachable(config.STORAGEX_HOST), ports.s3)}`,
    region: config.S3_REGION,
    bucket: config.S3_BUCKET,
    accessKeyId: config.S3_ACCESS_KEY_ID ?? secrets.s3AccessKeyId,
    secretAccessKey: config.S3_SECRET_ACCESS_KEY ?? secrets.s3SecretAccessKey,
  };
}

/** The origins whose pages may upload; undefined where any address of the machine may be used. */
function uploadersOf(config: Config, publicUrl: string): string[] | undefined {
  if (config.STORAGEX_INSECURE_HTTP) return undefined;
  const { hostname, protocol, port, origin } = new URL(publicUrl);
  const own = isLoopback(hostname)
    ? LOOPBACK_NAMES.map((name) => new URL(`${protocol}//${name}:${port}`).origin)
    : [origin];
  return [...own, ...(config.STORAGEX_API_ORIGINS ?? [])];
}

/** Browsers reach the embedded S3 by the same host name as the page. */
function publicS3(config: Config, publicUrl: string, bucket: S3Access, ports: Ports): string {
  if (config.S3_PUBLIC_ENDPOINT) return config.S3_PUBLIC_ENDPOINT;
  if (config.S3_ENDPOINT) return bucket.endpoint;
  return `http://${new URL(publicUrl).hostname}:${ports.s3}`;
}
