/**
 * The containers as an operator starts them: build, start, one video, a killed worker. Skipped without a
 * container engine.
 */
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../testing/services/run-service.ts";
import { ended, playback, register, until, upload } from "./testing/account.ts";
import { clip } from "./testing/clips.ts";

const run = promisify(execFile);
const CLONE = resolve(import.meta.dirname, "..");
const GATEWAY = "versity/versitygw:v1.8.0";
const BASES = ["node:24-trixie-slim", "debian:trixie-slim", "postgres:17", "rabbitmq:4"];

const works = (...command: [string, ...string[]]) => {
  const [program, ...args] = command;
  return spawnSync(program, args, { stdio: "ignore", timeout: 60_000 }).status === 0;
};
const obtainable = (image: string) =>
  works("docker", "image", "inspect", image) || works("docker", "pull", "-q", image);

/** Why this cannot run here; null where it can. */
function reasonToSkip(): string | null {
  if (!works("docker", "info")) return "no container engine answers";
  if (!works("docker", "compose", "version")) return "docker compose (v2) is not installed";
  const missing = BASES.filter((image) => !obtainable(image));
  return missing.length > 0 ? `no registry gives ${missing.join(", ")}` : null;
}

const reason = reasonToSkip();

describe.skipIf(reason !== null)(`docker compose${reason ? ` (skipped: ${reason})` : ""}`, () => {
  let folder: string;
  let url: string;
  let files: string[];

  async function compose(...args: string[]): Promise<string> {
    const all = ["compose", "-p", "storagex-e2e", "--env-file", join(folder, "env"), ...files, ...args];
    const { stdout } = await run("docker", all, { cwd: CLONE, maxBuffer: 1 << 26 });
    return stdout;
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "storagex-compose-"));
    const [web, s3] = [await freePort(), await freePort()];
    url = `http://127.0.0.1:${web}`;
    const settings: Record<string, string> = {
      STORAGEX_PORT: String(web),
      S3_PORT: String(s3),
      STORAGEX_PUBLIC_URL: url,
      S3_PUBLIC_ENDPOINT: `http://127.0.0.1:${s3}`,
      STORAGEX_REGISTRATION: "open",
    };
    const made = execFileSync(process.execPath, ["stack/entries/make-env.ts"], {
      cwd: CLONE,
      encoding: "utf8",
    });
    const env = made.replace(/^([A-Z0-9_]+)=.*$/gm, (line, name: string) =>
      settings[name] === undefined ? line : `${name}=${settings[name]}`,
    );
    await writeFile(join(folder, "env"), env, { mode: 0o600 });
    files = ["-f", "docker-compose.yml"];
    if (!obtainable(GATEWAY)) files.push("-f", "docker-compose.embedded-s3.yml");
    await compose("build");
    try {
      await compose("up", "-d", "--wait", "--scale", "worker=2");
    } catch (error) {
      throw new Error(await compose("logs", "--tail", "15", "worker", "edge-api"), { cause: error });
    }
  });

  afterAll(async () => {
    await compose("down", "-v", "--timeout", "10").catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  });

  test("every part is there, and the store lets the dashboard's pages in", async () => {
    const ready = await fetch(`${url}/readyz`);
    expect(await ready.json()).toMatchObject({ status: "ready" });
    expect(await compose("logs", "first-admin")).toContain(`setup: ${url}/setup?token=`);
  });

  test("a video is completed and plays, though a worker is killed in the middle", async () => {
    const person = await register(() => url);
    const id = await upload(person, await clip(20));
    const busy = await until(person, id, (video) =>
      (video.processing?.chunks ?? []).some(({ worker }) => worker),
    );
    const worker = busy.processing?.chunks.find((chunk) => chunk.worker)?.worker ?? "";
    // A worker's name is its host name, which is its container's id. Kill it from outside: after `docker
    // kill` it would not restart.
    const { stdout } = await run("docker", ["inspect", "-f", "{{.State.Pid}}", worker]);
    process.kill(Number(stdout), "SIGKILL");
    const video = await until(person, id, ended);
    expect(video).toMatchObject({ status: "completed", error: null });
    const { hls, mp4 } = await playback(person, id);
    expect((await fetch(hls)).status).toBe(200);
    expect((await fetch(mp4 ?? "")).status).toBe(200);
  });

  test("each service finds only what it needs, and the services are no superuser", async () => {
    const finds = async (service: string, name: string) => {
      const script = `require("node:dns").lookup("${name}", (error) => console.log(error ? "no" : "yes"))`;
      return (await compose("exec", "-T", "--index", "1", service, "node", "-e", script)).trim() === "yes";
    };
    const OTHERS = ["edge-api", "s3", "rabbitmq", "postgres", "sql-endpoint", "bridge"];
    const found = async (service: string) => {
      const answers = await Promise.all(OTHERS.map((name) => finds(service, name)));
      return OTHERS.filter((_, at) => answers[at]);
    };
    expect(await found("worker")).toEqual(["edge-api", "s3", "rabbitmq"]);
    expect(await found("webhooks")).toEqual(["edge-api", "s3", "rabbitmq"]);
    expect(await found("imports")).toEqual(["edge-api", "s3"]);
    expect(await finds("worker", "example.org")).toBe(false);
    const ask = async (statement: string) => {
      const asked = ["exec", "-T", "postgres", "psql", "-U", "storagex", "-d", "storagex", "-Atc", statement];
      return (await compose(...asked)).trim();
    };
    expect(await ask("SELECT rolsuper FROM pg_roles WHERE rolname = 'storagex_app'")).toBe("f");
    expect(await ask("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")).toBe(
      "storagex_app",
    );
    expect(
      await ask("SELECT DISTINCT usename FROM pg_stat_activity WHERE client_addr IS NOT NULL"),
    ).not.toMatch(/^storagex$/m);
    expect(await ask("SELECT rolpassword IS NULL FROM pg_authid WHERE rolname = 'storagex'")).toBe("t");
  });

  test("nothing runs as root, and every process ends in order", async () => {
    for (const service of ["edge-api", "sql-endpoint", "bridge", "worker", "webhooks", "imports"]) {
      expect((await compose("exec", "-T", service, "id", "-u")).trim()).toBe("1000");
    }
    await compose("stop", "worker", "bridge", "edge-api", "sql-endpoint");
    // 137: it did not end by itself, and was killed.
    expect(await compose("ps", "--all", "--format", "json")).not.toMatch(/"ExitCode": ?137/);
  });
});
