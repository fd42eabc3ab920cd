/** Runtimes for the shipped bundle: plain workerd as in `npm start`, or Miniflare as on Cloudflare. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { BUNDLE } from "../../../stack/entries/build.ts";
import { inClone } from "../../../stack/paths.ts";
import { workerdService } from "../../../stack/services/workerd.ts";
import { type Running, runService } from "../../../testing/services/run-service.ts";

/** Starts the bundle on 127.0.0.1:`port` with these text bindings. `folder` belongs to this run only. */
export type Runtime = (settings: {
  folder: string;
  port: number;
  bindings: Readonly<Record<string, string>>;
}) => Promise<Running>;

/** workerd with the configuration that `npm start` and the image write. */
export const plainWorkerd: Runtime = async (settings) => {
  const folder = join(settings.folder, "workerd");
  await mkdir(folder, { recursive: true });
  return runService(workerdService({ ...settings, folder, host: "127.0.0.1" }), join(settings.folder, "log"));
};

/**
 * Cloudflare's rules on this machine: Durable Objects, assets and settings come from wrangler.toml, and the
 * text bindings stand for an account's secrets.
 */
export const miniflare: Runtime = async ({ port, bindings }) => {
  // Large, and only here.
  const { convertV4MiniflareOptions, Miniflare } = await import("miniflare");
  const { unstable_getMiniflareWorkerOptions } = await import("wrangler");
  const { workerOptions } = unstable_getMiniflareWorkerOptions(inClone("wrangler.toml"));
  const vars = z.record(z.string(), z.string()).parse(workerOptions.bindings);
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      ...workerOptions,
      name: "storagex",
      host: "127.0.0.1",
      port,
      rootPath: BUNDLE,
      modulesRoot: BUNDLE,
      modules: [{ type: "ESModule", path: join(BUNDLE, "worker.js") }],
      bindings: { ...vars, ...bindings },
      handleStructuredLogs: ({ level, message }) => {
        if (level === "error") process.stderr.write(`${message}\n`);
      },
    }),
  );
  await runtime.ready;
  return { pid: 0, stop: () => runtime.dispose() };
};
