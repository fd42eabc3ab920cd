/** One PostgreSQL and one S3 per test run: each file gets a copy of the migrated database and a bucket. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";
import { z } from "zod";
import { build } from "../../../stack/entries/build.ts";
import { inClone } from "../../../stack/paths.ts";
import { makeBucket, type S3Access } from "../../../stack/services/s3.ts";
import { runOneShot } from "../../../stack/supervise/one-shot.ts";
import { share, takeShared } from "../../../testing/services/shared.ts";
import { startPostgres } from "../../../testing/services/start-postgres.ts";
import { s3AccessSchema, startS3 } from "../../../testing/services/start-s3.ts";

declare module "vitest" {
  interface ProvidedContext {
    edgeServices: string;
  }
}

const servicesSchema = z.object({
  /** URL of the migrated, empty database that is copied. No connection to it may stay open. */
  templateUrl: z.string(),
  s3: s3AccessSchema,
});

/** Vitest's global setup of the project `real`. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = await share(startServices);
  project.provide("edgeServices", shared.url);
  return () => shared.stop();
}

async function startServices(): Promise<{
  value: z.infer<typeof servicesSchema>;
  stop(): Promise<void>;
}> {
  const dir = await mkdtemp(join(tmpdir(), "storagex-services-"));
  const [, postgres, s3] = await Promise.all([build(), startPostgres(dir, "copied"), startS3(dir)]);
  await runOneShot(inClone("edge-api", "ops", "migrate.ts"), [], { DATABASE_URL: postgres.databaseUrl });
  return {
    value: { templateUrl: postgres.databaseUrl, s3: s3.access },
    stop: async () => {
      await Promise.all([postgres.stop(), s3.stop()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A database and a bucket for this caller only. */
export async function ownServices(): Promise<{ databaseUrl: string; s3: S3Access }> {
  const { templateUrl, s3 } = await takeShared(inject("edgeServices"), servicesSchema);
  const name = `test-${randomBytes(6).toString("hex")}`;
  const url = new URL(templateUrl);
  const template = url.pathname.slice(1);
  url.pathname = "/postgres";
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(
      `CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE ${pg.escapeIdentifier(template)}`,
    );
  } finally {
    await client.end();
  }
  url.pathname = `/${name}`;
  const own = { ...s3, bucket: name };
  await makeBucket(own);
  return { databaseUrl: url.href, s3: own };
}
