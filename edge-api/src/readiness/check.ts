/** Whether all that the Worker needs is there: each part is asked within a few seconds and says what it misses. */
import { SettingsError } from "@storagex/contract/read-settings";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Config, configOf, type Env } from "../config.ts";
import { connect, query } from "../db/connect.ts";
import { reasonOf } from "../http/log.ts";
import { keysOf } from "../identity/keys.ts";
import { Missing, requireSameClock } from "./missing.ts";
import { checkBucket, checkCors, checkSigning } from "./storage.ts";

/** `missing` says what an operator must mend, or that a part does not answer. */
export type Part = { ok: true } | { ok: false; missing: string };
export type Readiness = { ready: boolean; parts: Record<string, Part> };

const LIMIT_MS = 4_000;
/** Anybody may ask: more often than this, the last answer is given again. */
const KEPT_MS = 1_000;
let last: { at: number; readiness: Readiness } | undefined;

/** Asks every part at once, at most once a second. Never throws. */
export async function checkReadiness(env: Env): Promise<Readiness> {
  if (!last || Date.now() - last.at >= KEPT_MS) {
    const readiness = await askParts(env);
    last = { at: Date.now(), readiness };
  }
  return last.readiness;
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
  const parts: Record<string, Part> = { configuration: { ok: true } };
  const checks: Record<string, Promise<void>> = {
    database: checkDatabase(config),
    storage: checkBucket(config, LIMIT_MS),
    storageSigning: checkSigning(config, LIMIT_MS),
    storageCors: checkCors(config, LIMIT_MS),
    bridge: checkBridge(config),
  };
  await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      parts[name] = await check.then(
        () => ({ ok: true as const }),
        (error: unknown) => ({ ok: false as const, missing: sayOf(error) }),
      );
    }),
  );
  return { ready: Object.values(parts).every(({ ok }) => ok), parts };
}

function sayOf(error: unknown): string {
  if (error instanceof Missing) return error.message;
  return "does not answer";
}

/** The schema is there, and its clock is ours. */
async function checkDatabase(config: Config): Promise<void> {
  const asked = withTimeLimit(
    query(
      connect(config),
      sql`SELECT extract(epoch FROM now()) AS now, to_regclass('outbox') IS NOT NULL AS migrated`,
      z.object({ now: z.coerce.number(), migrated: z.boolean() }),
    ),
  );
  const [row] = await asked;
  if (!row?.migrated) throw new Missing("the schema is missing: run edge-api/ops/migrate.ts");
  requireSameClock("database", row.now);
}

async function checkBridge(config: Config): Promise<void> {
  const answer = await fetch(`${config.BRIDGE_URL}/healthz`, { signal: AbortSignal.timeout(LIMIT_MS) });
  await answer.body?.cancel();
  if (!answer.ok) throw new Missing(`answers ${answer.status}: it may have lost its broker`);
}

function withTimeLimit<T>(work: Promise<T>): Promise<T> {
  const limit = new Promise<never>((_, reject) => setTimeout(() => reject(new Error("no answer")), LIMIT_MS));
  return Promise.race([work, limit]);
}
