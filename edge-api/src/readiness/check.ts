/**
 * Checks whether everything that the Worker needs is available; each part is checked within a few seconds and
 * says what is missing.
 */

import { SettingsError } from "@storagex/contract/settings/read-settings";
import { bridgeHealthSchema } from "@storagex/contract/tasks/message";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Config, configOf, type Env } from "../config.ts";
import { connect, query } from "../db/connect.ts";
import { keysOf } from "../keys/signing-keys.ts";
import { WORKER_ALIVE_SECONDS } from "../lifecycle/limits.ts";
import { reasonOf } from "../observe/log.ts";
import { canCopyParts } from "../storage/can-copy.ts";
import { sleep } from "../turns.ts";
import { Missing, requireSameClock } from "./missing.ts";
import { sealedNote } from "./sealed.ts";
import { checkBucket, checkCors, checkSigning, isReadAnywhere } from "./storage.ts";

/** `missing` says what an operator must fix, or that there is no answer. `note` suggests an improvement. */
export type Check = { ok: true; note?: string } | { ok: false; missing: string };
/** `workers` is the number of live workers; undefined if the database is down. Without any, uploads wait. */
export type Readiness = { ready: boolean; parts: Record<string, Check>; workers?: number };

const LIMIT_MS = 4_000;
/** Anybody may call it: within this time the last result is returned again. */
const CACHED_MS = 1_000;
let last: { at: number; readiness: Readiness } | undefined;
/** When the check under way began; 0 if there is none. */
let askingSince = 0;
const POLL_MS = 50;

/**
 * Checks all parts in parallel, at most once a second; concurrent callers wait for that result. They poll for
 * it: a promise of a request that is cancelled would never resolve. In that case the next caller checks.
 * Never throws.
 */
export async function checkReadiness(env: Env): Promise<Readiness> {
  for (;;) {
    const now = Date.now();
    if (last && now - last.at < CACHED_MS) return last.readiness;
    if (now - askingSince > 2 * LIMIT_MS) break;
    await sleep(POLL_MS);
  }
  askingSince = Date.now();
  const readiness = await askParts(env);
  last = { at: Date.now(), readiness };
  askingSince = 0;
  return readiness;
}

async function askParts(env: Env): Promise<Readiness> {
  let config: Config;
  try {
    config = configOf(env);
    await keysOf(config);
  } catch (error) {
    const missing =
      error instanceof SettingsError ? error.message : `STORAGEX_SIGNING_KEYS: ${reasonOf(error)}`;
    return { ready: false, parts: { configuration: { ok: false, missing } } };
  }
  return partsOf(config);
}

/** Checks all parts that `config` names, whatever was found before. Never throws. */
export async function partsOf(config: Config): Promise<Readiness> {
  const parts: Record<string, Check> = { configuration: { ok: true } };
  let workers: number | undefined;
  const notes: Record<string, string | undefined> = {};
  const checks: Record<string, Promise<void>> = {
    database: checkDatabase(config).then((found) => {
      workers = found.workers;
      notes.database = found.note;
    }),
    storage: checkBucket(config, LIMIT_MS).then(async () => {
      notes.storage = await storageNote(config);
    }),
    ...(config.STORAGEX_INSECURE_STORAGE ? {} : { storageSigning: checkSigning(config, LIMIT_MS) }),
    storageCors: checkCors(config, LIMIT_MS).then(async () => {
      if (config.sharing === "off" || (await isReadAnywhere(config, LIMIT_MS))) return;
      notes.storageCors = NO_FOREIGN_READS;
    }),
    bridge: checkBridge(config),
  };
  await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      parts[name] = await check.then(
        () => ({ ok: true as const }),
        (error: unknown) => ({ ok: false as const, missing: messageOf(error) }),
      );
    }),
  );
  for (const [name, note] of Object.entries(notes))
    if (note !== undefined && parts[name]?.ok) parts[name] = { ok: true, note };
  return {
    ready: Object.values(parts).every(({ ok }) => ok),
    parts,
    ...(workers === undefined ? {} : { workers }),
  };
}

const NO_FOREIGN_READS =
  "other sites' own players (not embeds) cannot read shared videos: let the bucket's CORS allow GET and HEAD from *";

function messageOf(error: unknown): string {
  if (error instanceof Missing) return error.message;
  return "does not answer";
}

const NO_SEARCH_INDEX =
  "searches have no index, and are slow in a large library: let the database have pg_trgm and btree_gin, then run edge-api/ops/migrate.ts";

const CANNOT_COPY =
  "the object store does not support UploadPartCopy with conditions: videos are encoded after their upload, not during it";

/** What the store cannot do of that which the settings ask for. */
async function storageNote(config: Config): Promise<string | undefined> {
  if (!config.STORAGEX_EARLY_START) return undefined;
  const can = await withTimeLimit(canCopyParts(config)).catch(() => undefined);
  return can === false ? CANNOT_COPY : undefined;
}

/** Checks that the schema exists and the clocks match. Returns the number of live workers. */
async function checkDatabase(config: Config): Promise<{ workers: number; note: string | undefined }> {
  const asked = withTimeLimit(
    query(
      connect(config),
      sql`SELECT extract(epoch FROM now()) AS now, to_regclass('outbox') IS NOT NULL AS migrated,
        to_regclass('videos_search') IS NOT NULL AND to_regclass('users_search') IS NOT NULL AS indexed`,
      z.object({ now: z.coerce.number(), migrated: z.boolean(), indexed: z.boolean() }),
    ),
  );
  const [row] = await asked;
  if (!row?.migrated) throw new Missing("the schema is missing: run edge-api/ops/migrate.ts");
  requireSameClock("database", row.now);
  const [live] = await withTimeLimit(
    query(
      connect(config),
      sql`SELECT count(*) AS workers FROM workers
        WHERE seen_at > now() - ${WORKER_ALIVE_SECONDS}::int * interval '1 second'`,
      z.object({ workers: z.coerce.number() }),
    ),
  );
  const notes = [row.indexed ? undefined : NO_SEARCH_INDEX, await withTimeLimit(sealedNote(config))];
  return { workers: live?.workers ?? 0, note: notes.filter(Boolean).join("; ") || undefined };
}

async function checkBridge(config: Config): Promise<void> {
  const answer = await fetch(`${config.BRIDGE_URL}/healthz`, { signal: AbortSignal.timeout(LIMIT_MS) });
  const health = bridgeHealthSchema.safeParse(await answer.json().catch(() => undefined));
  if (health.data?.broker === "blocked")
    throw new Missing("its broker takes no messages: it is short of memory or disk space");
  if (!answer.ok) throw new Missing(`answers ${answer.status}: it may have lost its broker`);
}

function withTimeLimit<T>(work: Promise<T>): Promise<T> {
  const limit = new Promise<never>((_, reject) => setTimeout(() => reject(new Error("no answer")), LIMIT_MS));
  return Promise.race([work, limit]);
}
