/**
 * The edge API service: the built Worker bundle in plain workerd, with all bindings in one file of the data
 * folder.
 */
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import workerd from "workerd";
import { hostPort, reachable } from "../address.ts";
import { BUNDLE, CLIENT } from "../entries/build.ts";
import { inClone } from "../paths.ts";
import { answersHttp } from "../supervise/probe.ts";
import type { Service } from "./service.ts";

export type WorkerdSettings = {
  /** Holds config.capnp and a copy of the bundle, so that a build cannot change what runs. */
  folder: string;
  host: string;
  port: number;
  /** The Worker's text bindings, by name. */
  bindings: Readonly<Record<string, string>>;
};

/** The workerd service; its configuration is written again before each start. */
export function workerdService(settings: WorkerdSettings): Service {
  const { folder, host, port } = settings;
  return {
    name: "workerd",
    command: [typeof workerd === "string" ? workerd : workerd.default, "serve", join(folder, "config.capnp")],
    env: {},
    prepare: () => writeConfig(settings),
    isReady: async () => {
      const url = `http://${hostPort(reachable(host), port)}`;
      if (!(await answersHttp(`${url}/healthz`))) return false;
      // A restarted workerd has no alarm set for its sweeps. A readiness request sets it, whatever the answer
      // is.
      await answersHttp(`${url}/readyz`, 5_000);
      return true;
    },
    readyWithinMs: 20_000,
    stopSignal: "SIGTERM",
    // workerd does not end by itself while a stream is open.
    stopWithinMs: 1_000,
  };
}

async function writeConfig({ folder, host, port, bindings }: WorkerdSettings): Promise<void> {
  await rm(join(folder, "bundle"), { recursive: true, force: true });
  await cp(BUNDLE, join(folder, "bundle"), { recursive: true });
  const config = await workerdConfig({
    folder,
    client: CLIENT,
    address: hostPort(host, port),
    bindings: Object.entries(bindings).map(
      ([name, value]) => `(name = ${quoted(name)}, text = ${quoted(value)})`,
    ),
  });
  await writeFile(join(folder, "config.capnp"), config, { mode: 0o600 });
}

/**
 * The text of config.capnp for the bundle in `folder`/bundle. `bindings` are Cap'n Proto values, `client` is
 * the folder of the dashboard's files, `address` is what workerd listens on.
 */
export async function workerdConfig({
  folder,
  client,
  address,
  bindings,
}: {
  folder: string;
  client: string;
  address: string;
  bindings: readonly string[];
}): Promise<string> {
  const { date, flags } = await compatibility();
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))),
    (name = "assets", disk = (path = ${quoted(client)})),
  ],
  sockets = [(name = "http", address = ${quoted(address)}, http = (), service = "main")],
);

const main :Workerd.Worker = (
  compatibilityDate = ${quoted(date)},
  compatibilityFlags = [${flags.map(quoted).join(", ")}],
  modules = [
    ${(await modules(join(folder, "bundle"))).join(",\n    ")},
  ],
  bindings = [
    ${bindings.join(",\n    ")},
    (name = "HUB", durableObjectNamespace = "Hub"),
    (name = "FEED", durableObjectNamespace = "Feed"),
    (name = "CLOCK", durableObjectNamespace = "Clock"),
    (name = "AUDIENCE", durableObjectNamespace = "Audience"),
    (name = "ASSETS_DISK", service = "assets"),
  ],
  durableObjectNamespaces = [
    (className = "Hub", uniqueKey = "storagex-hub"),
    (className = "Feed", uniqueKey = "storagex-feed"),
    (className = "Clock", uniqueKey = "storagex-clock"),
    (className = "Audience", uniqueKey = "storagex-audience"),
  ],
  durableObjectStorage = (inMemory = void),
);
`;
}

/** workerd requires the entry module first; what it imports follows. */
async function modules(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).sort((a, b) => Number(b === "worker.js") - Number(a === "worker.js"));
  return names.flatMap((name) => {
    const kind = { js: "esModule", mjs: "esModule", wasm: "wasm", bin: "data", txt: "text" }[
      name.split(".").at(-1) ?? ""
    ];
    return kind ? [`(name = ${quoted(name)}, ${kind} = embed ${quoted(`bundle/${name}`)})`] : [];
  });
}

/** wrangler.toml alone says which runtime version the Worker is written for. */
async function compatibility(): Promise<{ date: string; flags: string[] }> {
  const toml = await readFile(inClone("wrangler.toml"), "utf8");
  const date = /^compatibility_date\s*=\s*"([^"]+)"/m.exec(toml)?.[1];
  if (!date) throw new Error("wrangler.toml names no compatibility_date");
  const flags = /^compatibility_flags\s*=\s*\[([^\]]*)\]/m.exec(toml)?.[1] ?? "";
  return { date, flags: [...flags.matchAll(/"([^"]+)"/g)].flatMap((match) => match[1] ?? []) };
}

/** A Cap'n Proto text literal. */
function quoted(text: string): string {
  const escaped = text.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r");
  return `"${escaped}"`;
}
