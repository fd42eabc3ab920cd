/** The worker's metrics for Prometheus. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";

export type Metrics = ReturnType<typeof makeMetrics>;

/** With its own registry, so that two workers in one process (tests) do not collide. */
export function makeMetrics(slots: number, stopped: () => number = () => 0) {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: "storagex_slots",
    help: "Tasks of one lane (bulk, short) that this worker takes at once",
    registers,
  }).set(slots);
  new Gauge({
    name: "storagex_stopped_tasks",
    help: "Running tasks whose FFmpeg is stopped for the sake of what somebody waits for",
    registers,
    collect() {
      this.set(stopped());
    },
  });
  return {
    registry,
    active: new Gauge({
      name: "storagex_active_slots",
      help: "Tasks running now, stopped ones too",
      registers,
    }),
    withoutScratch: new Gauge({
      name: "storagex_without_scratch",
      help: "1 while this worker takes no tasks because its scratch folder cannot be written to",
      registers,
    }),
    tasks: new Counter({
      name: "storagex_tasks_total",
      help: "Messages taken, by task kind and outcome",
      labelNames: ["kind", "outcome"] as const,
      registers,
    }),
    chunks: new Counter({
      name: "storagex_chunks_total",
      help: "Chunks by encoder: encoded by it, or saved by software where it failed",
      labelNames: ["encoder", "outcome"] as const,
      registers,
    }),
    seconds: new Histogram({
      name: "storagex_task_seconds",
      help: "Wall time of leased tasks",
      labelNames: ["kind"] as const,
      buckets: [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600],
      registers,
    }),
  };
}
