/**
 * How the Worker spends its CPU time on a request: V8's sampling profiler in a second workerd with the
 * stack's own configuration.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { SourceMap } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import workerd from "workerd";
import { z } from "zod";
import { BUNDLE } from "../../stack/entries/build.ts";
import { freePort } from "../../testing/services/run-service.ts";
import { type Ask, load } from "./load.ts";

const SECONDS = 3;
const SAMPLE_MICROSECONDS = 200;

/** The first kind whose pattern matches a frame's source file, or the name of a runtime function. */
const KINDS = [
  {
    name: "SQL",
    source: /@neondatabase|node_modules\/src\/|\/src\/db\//,
    native: /^(fetch|timeout|setTimeout)$/,
  },
  {
    name: "signing",
    source: /storage\/presign|playback\/access|jose|access-token/,
    native: /^(sign|digest|verify|importKey|deriveKey)$/,
  },
  { name: "rows to JSON", source: /zod|\/src\/videos\/|\/src\/playback\//, native: /^(json|encode|decode)$/ },
  {
    name: "HTTP",
    source: /hono|\/src\/http\/|\/src\/routes\//,
    native: /^(Response|Request|Headers|URL|set|has|get.*)$/,
  },
] as const;
const REST = "the rest";
export const KIND_NAMES = [...KINDS.map(({ name }) => name), REST];

/** Share of the busy time (0 to 1) by kind. */
export type Shares = Record<string, number>;

const profileSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({
        functionName: z.string(),
        url: z.string(),
        lineNumber: z.number(),
        columnNumber: z.number(),
      }),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});
type Profile = z.infer<typeof profileSchema>;
const targetsSchema = z.tuple([z.object({ webSocketDebuggerUrl: z.string() })], z.unknown());
const answerSchema = z.object({ id: z.number().optional(), result: z.unknown().optional() });

export type Profiled = AsyncDisposable & { of(asks: readonly (readonly Ask[])[]): Promise<Shares> };

/** Starts a workerd beside the stack's in `folder`, on its own ports. */
export async function startProfiled(folder: string): Promise<Profiled> {
  const [port, inspector] = [await freePort(), await freePort()];
  const program = typeof workerd === "string" ? workerd : workerd.default;
  const child = spawn(
    program,
    [
      ...["serve", `--socket-addr=http=127.0.0.1:${port}`, `--inspector-addr=127.0.0.1:${inspector}`],
      join(folder, "run", "edge-api", "config.capnp"),
    ],
    { stdio: "ignore" },
  );
  const url = `http://127.0.0.1:${port}`;
  const map = new SourceMap(JSON.parse(await readFile(join(BUNDLE, "worker.js.map"), "utf8")));
  while (
    !(await fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await sleep(100);
  return {
    of: async (asks) => {
      await load(url, asks, 1);
      const session = await openSession(inspector);
      await session.send("Profiler.enable");
      await session.send("Profiler.setSamplingInterval", { interval: SAMPLE_MICROSECONDS });
      await session.send("Profiler.start");
      await load(url, asks, SECONDS);
      const { profile } = z.object({ profile: profileSchema }).parse(await session.send("Profiler.stop"));
      session.close();
      return sharesOf(profile, map);
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

/** The inspector's protocol: a request with an id, a response with the same id. */
async function openSession(port: number) {
  const list = await fetch(`http://127.0.0.1:${port}/json`);
  const [{ webSocketDebuggerUrl }] = targetsSchema.parse(await list.json());
  const socket = new WebSocket(webSocketDebuggerUrl);
  const waiting = new Map<number, (result: unknown) => void>();
  socket.addEventListener("message", ({ data }) => {
    const { id, result } = answerSchema.parse(JSON.parse(String(data)));
    if (id !== undefined) waiting.get(id)?.(result);
  });
  await once(socket, "open");
  let last = 0;
  return {
    send: (method: string, params: Record<string, unknown> = {}): Promise<unknown> =>
      new Promise((resolve) => {
        last += 1;
        waiting.set(last, resolve);
        socket.send(JSON.stringify({ id: last, method, params }));
      }),
    close: () => socket.close(),
  };
}

function kindOf(
  { functionName, url, lineNumber, columnNumber }: Profile["nodes"][number]["callFrame"],
  map: SourceMap,
) {
  if (url === "") return KINDS.find(({ native }) => native.test(functionName))?.name ?? REST;
  const entry = map.findEntry(lineNumber, columnNumber);
  const source = "originalSource" in entry ? entry.originalSource : "";
  return KINDS.find((kind) => kind.source.test(source))?.name ?? REST;
}

function sharesOf({ nodes, samples, timeDeltas }: Profile, map: SourceMap): Shares {
  const kinds = new Map(
    nodes.map(({ id, callFrame }) => [
      id,
      callFrame.functionName === "(idle)" ? null : kindOf(callFrame, map),
    ]),
  );
  const times = new Map<string, number>(KIND_NAMES.map((name) => [name, 0]));
  let busy = 0;
  for (const [at, id] of samples.entries()) {
    const kind = kinds.get(id);
    if (!kind) continue;
    const took = timeDeltas[at] ?? 0;
    busy += took;
    times.set(kind, (times.get(kind) ?? 0) + took);
  }
  return Object.fromEntries([...times].map(([name, time]) => [name, time / Math.max(1, busy)]));
}
