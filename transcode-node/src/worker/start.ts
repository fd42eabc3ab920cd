/** Assembles a worker: places in each lane, a consumer of dead letters, the hello, health and metrics. */
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { LANES, type Lane } from "@storagex/contract/tasks/kinds";
import type { Logger } from "pino";
import { z } from "zod";
import { keepConnected } from "../broker/connect.ts";
import { makeLane, makeSlot } from "../broker/consume.ts";
import { makePublisher } from "../broker/publish.ts";
import { DEAD_QUEUE, queueOf } from "../broker/topology.ts";
import type { WorkerConfig } from "../config.ts";
import type { Encoder } from "../media/encoders/encoder.ts";
import { useEncoder } from "../media/encoders/in-use.ts";
import { makeMetrics } from "../observe/metrics.ts";
import { serveHealth } from "../observe/server.ts";
import { makeApi } from "./api.ts";
import { makeAttempt, type Perform } from "./attempt.ts";
import { reportDeadLetter } from "./dead-letters.ts";
import { makePauses } from "./pauses.ts";
import { runMessage } from "./run.ts";
import { cleanScratch } from "./scratch/scratch.ts";
import { makeScratchSpace } from "./scratch/scratch-space.ts";
import { heedNeighbours } from "./turns/neighbours.ts";
import { placesFor } from "./turns/precedence.ts";
import { makeTurns } from "./turns/turns.ts";

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")));

/** Also how soon a drained worker stops taking messages; its claims are refused at once. */
const HELLO_EVERY_MS = 5_000;
const HELLO_AGAIN_MS = 1_000;
/**
 * Max audio tracks that are read to their end at the same time; each starts alone, so that first pieces come
 * in order.
 */
const MAX_AUDIO = 8;
/** How many further tasks may start while long plans and first chunks still run. */
const MAX_SLOW_EXPRESS = 4;

/** Messages that a worker of `slots` takes from each lane at a time. */
function lanePlaces(slots: number, machinePlaces: number): Record<Lane, { places: number; max: number }> {
  return {
    express: { places: machinePlaces, max: machinePlaces + MAX_SLOW_EXPRESS },
    audio: { places: 1, max: MAX_AUDIO },
    short: { places: slots, max: slots },
    bulk: { places: slots, max: slots },
  };
}

/**
 * Starts consuming, with `encoder` for H.264 and FFmpeg of the version `ffmpeg`; `stop()` hands back what runs and resolves when the broker
 * connection is closed.
 */
export async function startWorker(
  config: WorkerConfig,
  log: Logger,
  perform: Perform,
  encoder: Encoder,
  ffmpeg: string,
): Promise<{ stop(): Promise<void> }> {
  await cleanScratch(config.WORKER_SCRATCH);
  const shutdown = new AbortController();
  const machinePlaces = placesFor(availableParallelism());
  const turns = makeTurns({ places: machinePlaces, memory: config.WORKER_MEMORY_BYTES, log });
  const metrics = makeMetrics(config.WORKER_SLOTS, () => turns.stopped());
  const api = makeApi({ baseUrl: config.EDGE_API_URL, credential: config.WORKER_CREDENTIAL });
  const h264 = useEncoder(encoder, {
    maxChunks: config.WORKER_SLOTS,
    count: (name, outcome) => metrics.chunks.inc({ encoder: name, outcome }),
  });
  const pauses = makePauses((isPaused) => {
    for (const lane of lanes) lane.pause(isPaused);
  });
  const space = makeScratchSpace({
    scratch: config.WORKER_SCRATCH,
    log,
    shutdown: shutdown.signal,
    onLacking(isLacking) {
      pauses.set("no scratch", isLacking);
      metrics.withoutScratch.set(isLacking ? 1 : 0);
    },
  });
  const attempt = makeAttempt({
    api,
    metrics,
    shutdown: shutdown.signal,
    scratch: config.WORKER_SCRATCH,
    tools: {
      ffmpeg: config.FFMPEG_PATH,
      ffprobe: config.FFPROBE_PATH,
      deinterlace: config.DEINTERLACE,
      h264,
    },
    turns,
    space,
    perform,
  });
  const runner = { api, log, metrics, worker: config.WORKER_NAME, shutdown: shutdown.signal, attempt };
  const inLane = lanePlaces(config.WORKER_SLOTS, machinePlaces);
  const lanes = LANES.map((lane) =>
    makeLane({
      ...inLane[lane],
      queue: queueOf(lane),
      log,
      perform: (delivery) => runMessage(runner, delivery),
    }),
  );
  const dead = makeSlot({
    queue: DEAD_QUEUE,
    log,
    perform: (delivery) => reportDeadLetter(delivery, { api, log, shutdown: shutdown.signal }),
  });
  const all = [...lanes, dead];

  const broker = keepConnected({
    url: config.AMQP_URL,
    log,
    async setup(line) {
      const publisher = await makePublisher(line);
      for (const slot of all) void slot.attach(line, publisher);
    },
  });

  /**
   * Reports regularly that this worker is alive; sooner where the API did not receive it: it may be starting.
   */
  async function greet(): Promise<void> {
    let wasDraining = false;
    while (!shutdown.signal.aborted) {
      const about = { version, ffmpeg, encoder: h264.current().name };
      const wait = await api.hello({ worker: config.WORKER_NAME, slots: config.WORKER_SLOTS, about }).then(
        (draining) => {
          if (draining !== wasDraining) log.info(draining ? "draining: no new tasks" : "taking tasks again");
          wasDraining = draining;
          pauses.set("draining", draining);
          return HELLO_EVERY_MS;
        },
        (error: unknown) => {
          log.warn({ reason: String(error) }, "hello not taken");
          return HELLO_AGAIN_MS;
        },
      );
      await delay(wait, undefined, { signal: shutdown.signal }).catch(() => undefined);
    }
  }
  void greet();
  void heedNeighbours({ api, worker: config.WORKER_NAME, turns, shutdown: shutdown.signal, log });
  const health =
    config.WORKER_HEALTH_PORT > 0
      ? serveHealth({
          host: config.WORKER_HEALTH_HOST,
          port: config.WORKER_HEALTH_PORT,
          metrics,
          standing: broker.standing,
        })
      : null;

  return {
    async stop() {
      const stopped = all.map((slot) => slot.stop());
      shutdown.abort();
      await Promise.all(stopped);
      await broker.close();
      health?.close();
    },
  };
}
