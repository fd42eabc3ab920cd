/**
 * PostgreSQL under root: with namespaces, without them, and with the same data moved from one to the other.
 */
import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

test.skipIf(process.getuid?.() !== 0)(
  "data goes from a machine with namespaces to one without, and back",
  async () => {
    const dir = await mkdtemp(join(tmpdir(), "storagex-root-"));
    await chmod(dir, 0o700);
    const script = join(dir, "count.ts");
    await writeFile(
      script,
      `import pg from ${JSON.stringify(import.meta.resolve("pg"))};
     import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, "../../testing/services/start-postgres.ts"))};
     const postgres = await startPostgres(${JSON.stringify(join(dir, "data"))});
     const client = new pg.Client({ connectionString: postgres.databaseUrl });
     await client.connect();
     await client.query("CREATE TABLE IF NOT EXISTS starts (at int)");
     await client.query("INSERT INTO starts VALUES (1)");
     process.stdout.write((await client.query("SELECT count(*)::int AS n FROM starts")).rows[0].n + "");
     await client.end();
     await postgres.stop();`,
    );
    const without = join(dir, "bin");
    await run("mkdir", [without, join(dir, "data")]);
    await writeFile(join(without, "unshare"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const start = async (path: string): Promise<string> => {
      const { stdout } = await run(process.execPath, [script], { env: { PATH: path }, timeout: 60_000 });
      return stdout;
    };
    const owner = async (): Promise<number> => (await stat(join(dir, "data", "postgres", "base"))).uid;
    const path = process.env.PATH ?? "";

    expect(await start(path)).toBe("1");
    expect(await start(`${without}:${path}`)).toBe("2");
    expect(await owner()).toBe(65_534);
    expect(await start(path)).toBe("3");
    await rm(dir, { recursive: true, force: true });
  },
);
