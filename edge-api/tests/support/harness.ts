/**
 * Starts everything that the edge API needs for a test, all of it real: a database, the SQL endpoint, a
 * bucket, and the shipped bundle in its runtime.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { IMPORTER_ID, SENDER_ID } from "@storagex/contract/routes/internal";
import { exportJWK, generateKeyPair } from "jose";
import pg from "pg";
import { inherited } from "../../../stack/config.ts";
import { BUNDLE } from "../../../stack/entries/build.ts";
import { inClone } from "../../../stack/paths.ts";
import type { S3Access } from "../../../stack/services/s3.ts";
import { freePort, type Running } from "../../../testing/services/run-service.ts";
import { startSqlEndpoint } from "../../../testing/services/start-sql-endpoint.ts";
import { plainWorkerd, type Runtime } from "./runtimes.ts";
import { ownServices } from "./shared-services.ts";

const run = promisify(execFile);

/** `id.secret` of the worker that the API under test knows. */
export const WORKER_CREDENTIAL = "worker.secret-of-the-test-worker";

/** The same of the service that sends webhooks. */
export const SENDER_CREDENTIAL = `${SENDER_ID}.secret-of-the-test-sender`;

/** The same of the service that fetches imports. */
export const IMPORTER_CREDENTIAL = `${IMPORTER_ID}.secret-of-the-test-importer`;

export type Edge = {
  /** Origin of the API, also its public URL. */
  url: string;
  databaseUrl: string;
  /** The shipped Worker bundle, as text. */
  bundle: string;
  /** The test's own database client, beside the API. */
  sql: pg.Pool;
  s3: S3Access;
  bindings: Readonly<Record<string, string>>;
  signingKeys: string;
  /** Runs an `ops/` command as an operator would; returns what it printed. */
  ops(entry: "migrate" | "admin", args?: string[], env?: Record<string, string>): Promise<string>;
  /** Restarts the runtime, with other text bindings if given. */
  restart(bindings?: Record<string, string>): Promise<void>;
  /** Makes the database unresponsive (SIGSTOP to its endpoint), or resumes it. */
  pauseDatabase(paused: boolean): void;
  stop(): Promise<void>;
};

/**
 * Starts everything. `bindings` are added to the Worker's own; `prepare` gets the database before any service
 * connects to it. Takes about 2 s; give hooks a minute.
 */
export async function startEdge(
  bindings: Record<string, string> = {},
  runtime: Runtime = plainWorkerd,
  prepare: (databaseUrl: string) => Promise<void> = async () => undefined,
): Promise<Edge> {
  const dir = await mkdtemp(join(tmpdir(), "storagex-edge-"));
  const started: Running[] = [];
  const stop = async (): Promise<void> => {
    for (const part of started.reverse()) await part.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const [{ databaseUrl, s3 }, port, signingKeys] = await Promise.all([
      ownServices(),
      freePort(),
      makeSigningKeys(),
    ]);
    await prepare(databaseUrl);
    const endpoint = await startSqlEndpoint(dir, databaseUrl);
    started.push(endpoint);
    const url = `http://127.0.0.1:${port}`;
    const all = {
      ...bindingsOf(databaseUrl, endpoint.sqlUrl, s3, url, signingKeys),
      ...bindings,
    };
    const start = (texts: Record<string, string>): Promise<Running> =>
      runtime({ folder: dir, port, bindings: texts });
    let current = await start(all);
    started.push({ pid: current.pid, stop: () => current.stop() });
    const sql = new pg.Pool({ connectionString: databaseUrl, max: 4 });
    sql.on("error", () => undefined);
    started.push({ pid: 0, stop: () => sql.end() });
    return {
      url,
      bundle: await readFile(join(BUNDLE, "worker.js"), "utf8"),
      databaseUrl,
      sql,
      s3,
      bindings: all,
      signingKeys,
      ops: opsOf(databaseUrl, url),
      restart: async (changed = {}) => {
        await current.stop();
        current = await start({ ...all, ...changed });
      },
      pauseDatabase: (paused) => process.kill(endpoint.pid, paused ? "SIGSTOP" : "SIGCONT"),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function bindingsOf(
  databaseUrl: string,
  sqlUrl: string,
  s3: S3Access,
  url: string,
  signingKeys: string,
): Record<string, string> {
  const digest = (credential: string) => {
    const [id = "", secret = ""] = credential.split(".");
    return `${id}:${createHash("sha256").update(secret).digest("hex")}`;
  };
  return {
    DATABASE_URL: databaseUrl,
    SQL_ENDPOINT_URL: sqlUrl,
    S3_ENDPOINT: s3.endpoint,
    S3_PUBLIC_ENDPOINT: s3.endpoint,
    S3_REGION: s3.region,
    S3_BUCKET: s3.bucket,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
    STORAGEX_PUBLIC_URL: url,
    STORAGEX_SIGNING_KEYS: signingKeys,
    STORAGEX_REGISTRATION: "open",
    // Tests call as fast as they can.
    STORAGEX_RATE_PER_MINUTE: "0",
    // Nothing listens there unless the test starts a bridge and sets its URL.
    BRIDGE_URL: "http://127.0.0.1:9",
    STORAGEX_WORKER_CREDENTIALS: [WORKER_CREDENTIAL, SENDER_CREDENTIAL, IMPORTER_CREDENTIAL]
      .map(digest)
      .join(","),
  };
}

async function makeSigningKeys(): Promise<string> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  return JSON.stringify({ keys: [{ ...(await exportJWK(privateKey)), kid: "test", alg: "ES256" }] });
}

function opsOf(databaseUrl: string, publicUrl: string): Edge["ops"] {
  return async (entry, args = [], env = {}) => {
    const { stdout } = await run(process.execPath, [inClone("edge-api", "ops", `${entry}.ts`), ...args], {
      env: { ...inherited(), DATABASE_URL: databaseUrl, STORAGEX_PUBLIC_URL: publicUrl, ...env },
    });
    return stdout;
  };
}
