/**
 * The system programs that npm does not ship, RabbitMQ and FFmpeg: finds them, or announces and installs
 * them.
 */
import { execFile, spawn } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { FFMPEG_ENCODERS, FFMPEG_FILTERS, isOldRelease } from "@storagex/contract/media/ffmpeg";
import { inherited } from "../config.ts";

const run = promisify(execFile);

export type RabbitProgram = { server: string; epmd: string };
export type FfmpegProgram = { ffmpeg: string; ffprobe: string };
export type Programs = { rabbit: RabbitProgram | undefined; ffmpeg: FfmpegProgram };

/** Where distributions keep the broker itself, instead of its wrapper that only root may run. */
const RABBIT_HOMES = ["/usr/lib/rabbitmq/lib", "/opt/homebrew/opt/rabbitmq", "/usr/local/opt/rabbitmq"];

/**
 * Finds what the stack needs (the broker only when `withBroker`). Where apt and root are there, it prints
 * what is missing by `print` and installs it; otherwise it throws one Error with the command for each system.
 */
export async function findPrograms(withBroker: boolean, print: (line: string) => void): Promise<Programs> {
  let missing = await missingPrograms(withBroker);
  if (missing.length > 0 && process.getuid?.() === 0 && onPath("apt-get")) {
    const packages = missing.map((one) => one.debian);
    print(`Installing missing programs with apt: ${packages.join(", ")}`);
    await aptInstall(packages);
    missing = await missingPrograms(withBroker);
  }
  if (missing.length > 0) throw new Error(missing.map(adviceFor).join("\n"));
  return { rabbit: withBroker ? findRabbit() : undefined, ffmpeg: ffmpegPaths() };
}

type Missing = { what: string; debian: string; brew: string; fedora: string };

const RABBIT: Missing = {
  what: "RabbitMQ 3.10 or newer",
  debian: "rabbitmq-server",
  brew: "rabbitmq",
  fedora: "rabbitmq-server",
};
const FFMPEG: Missing = {
  what: "FFmpeg 5.1 or newer with libx264, aac and zscale",
  debian: "ffmpeg",
  brew: "ffmpeg",
  fedora: "ffmpeg (from RPM Fusion)",
};

async function missingPrograms(withBroker: boolean): Promise<Missing[]> {
  const missing: Missing[] = [];
  if (withBroker && !findRabbit()) missing.push(RABBIT);
  if (!(await ffmpegServes())) missing.push(FFMPEG);
  return missing;
}

function adviceFor({ what, debian, brew, fedora }: Missing): string {
  return (
    `${what} is missing. Debian, Ubuntu: sudo apt-get install ${debian} · Fedora: sudo dnf install ${fedora} · ` +
    `macOS: brew install ${brew}`
  );
}

/** The newest broker of 3.10 or later, or undefined. */
export function findRabbit(): RabbitProgram | undefined {
  const epmd = onPath("epmd") ?? erlangEpmd();
  const server = newestServer(RABBIT_HOMES);
  return server && epmd ? { server, epmd } : undefined;
}

/** The newest RabbitMQ of 3.10 or later in one of `homes` or in one of their subfolders. */
export function newestServer(homes: readonly string[]): string | undefined {
  const installed = homes
    .flatMap((home) => [home, ...list(home).map((name) => join(home, name))])
    .map((folder) => ({ server: join(folder, "sbin", "rabbitmq-server"), version: versionIn(folder) }))
    .filter(({ server, version }) => existsSync(server) && byNumber(version, [3, 10]) >= 0);
  return installed.sort((a, b) => byNumber(a.version, b.version)).at(-1)?.server;
}

/** Every installation contains the broker as a plugin whose name includes the version. */
function versionIn(folder: string): number[] {
  const names = list(join(folder, "plugins")).join("\n");
  return (/^rabbit-([\d.]+\d)/m.exec(names)?.[1] ?? "").split(".").map(Number);
}

function byNumber(a: readonly number[], b: readonly number[]): number {
  const at = Array.from({ length: Math.max(a.length, b.length) }, (_, index) => index);
  return at.map((index) => (a[index] ?? 0) - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function erlangEpmd(): string | undefined {
  return ["/usr/lib/erlang/bin/epmd", "/usr/lib64/erlang/bin/epmd"].find((path) => existsSync(path));
}

function ffmpegPaths(): FfmpegProgram {
  return { ffmpeg: onPath("ffmpeg") ?? "ffmpeg", ffprobe: onPath("ffprobe") ?? "ffprobe" };
}

async function ffmpegServes(): Promise<boolean> {
  const { ffmpeg } = ffmpegPaths();
  try {
    const [version, encoders, filters] = await Promise.all(
      ["-version", "-encoders", "-filters"].map((question) =>
        run(ffmpeg, ["-hide_banner", question], { env: inherited() }),
      ),
    );
    return (
      !isOldRelease(/version (\S+)/.exec(version?.stdout ?? "")?.[1] ?? "") &&
      FFMPEG_ENCODERS.every((name) => encoders?.stdout.includes(` ${name} `)) &&
      FFMPEG_FILTERS.every((name) => filters?.stdout.includes(` ${name} `))
    );
  } catch {
    return false;
  }
}

function onPath(program: string): string | undefined {
  const folders = (inherited().PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, program)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const POLICY = "/usr/sbin/policy-rc.d";

/**
 * Installs Debian packages. Services that a package would start by itself do not start: the stack runs its
 * own.
 */
export async function aptInstall(packages: readonly string[]): Promise<void> {
  const isOurs = !existsSync(POLICY);
  if (isOurs) await writeFile(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    await apt(["update"]);
    await apt(["install", "-y", "--no-install-recommends", ...packages]);
  } finally {
    if (isOurs) await rm(POLICY, { force: true });
  }
}

/** Runs apt-get without printing its output; throws with the end of it. */
function apt(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=900", ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...inherited(), DEBIAN_FRONTEND: "noninteractive" },
    });
    let output = "";
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString("utf8")).slice(-2_000);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`apt-get ${args[0]} failed:\n${output}`)),
    );
  });
}
