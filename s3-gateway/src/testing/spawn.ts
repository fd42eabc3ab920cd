/** Starts the gateway as its own process, for tests and measurements. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** Address of an S3, and how to sign for it. */
export interface S3Target {
  endpoint: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
}

export interface Gateway {
  target: S3Target;
  child: ChildProcess;
  /** Everything it has logged so far. */
  log(): string;
  /** Sends the signal and resolves with the exit code (null after SIGKILL). */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

const listening = z.object({ msg: z.literal("listening"), address: z.object({ port: z.number() }) });

/** Starts the gateway over `folder` on a free loopback port; rejects when it ends before it listens. */
export async function startGateway(folder: string): Promise<Gateway> {
  const credentials = {
    accessKeyId: "gateway-test",
    secretAccessKey: "a-secret-for-tests-only",
    region: "us-east-1",
  };
  const child = spawn(process.execPath, [fileURLToPath(new URL("../main.ts", import.meta.url))], {
    env: {
      S3_LISTEN_HOST: "127.0.0.1",
      S3_LISTEN_PORT: "0",
      S3_DATA: folder,
      S3_ACCESS_KEY_ID: credentials.accessKeyId,
      S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      S3_REGION: credentials.region,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let log = "";
  const port = await new Promise<number>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the gateway ended with ${code}: ${log}`)));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      for (const line of text.split("\n").filter((each) => each.includes('"listening"'))) {
        resolve(listening.parse(JSON.parse(line)).address.port);
      }
    });
  });
  return {
    target: { ...credentials, endpoint: `http://127.0.0.1:${port}`, bucket: "suite" },
    child,
    log: () => log,
    async stop(signal = "SIGTERM") {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
      return child.exitCode;
    },
  };
}
