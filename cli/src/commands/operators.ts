/** `storagex queue` and `workers`: for administrators. */
import { expectData } from "@storagex/client";
import { Command } from "commander";
import { bytes, clock, percent, printJson, printTable } from "../print.ts";
import { openSession } from "../session.ts";

export const queueCommand = (): Command =>
  new Command("queue")
    .description("what waits and what is encoded (administrators)")
    .option("--json", "print JSON")
    .action(async ({ json }: { json?: true }) => {
      const { client } = await openSession();
      const queue = expectData(await client.GET("/v1/admin/queue"));
      if (json) return printJson(queue);
      const { videos, tasks, storage } = queue;
      printTable([
        ["videos", `${videos.uploading} uploading, ${videos.queued} queued, ${videos.processing} processing`],
        ["failed", String(queue.dead)],
        ["longest wait", clock(queue.oldestQueuedSeconds)],
        ["speed", `${queue.encodedSecondsPerSecond.toFixed(1)} × real time`],
        ["empty in", clock(queue.drainSeconds)],
        ["stored", bytes(storage.used)],
      ]);
      const counts = tasks.map((task) => [
        task.kind,
        ...[task.waiting, task.queued, task.running].map(String),
      ]);
      printTable([["TASK", "WAITING", "QUEUED", "RUNNING"], ...counts]);
    });

export const workersCommand = (): Command =>
  new Command("workers")
    .description("the workers, and what each runs (administrators)")
    .option("--json", "print JSON: each worker, one a line")
    .action(async ({ json }: { json?: true }) => {
      const { client } = await openSession();
      const { items } = expectData(await client.GET("/v1/admin/workers"));
      if (json) return items.forEach(printJson);
      const rows = items.map((worker) => [
        ...[worker.name, worker.state, worker.encoder ?? "–", `${worker.running.length} of ${worker.slots}`],
        worker.running
          .map(({ title, kind, progress }) => `${title}: ${kind} ${percent(progress)}`)
          .join("; "),
      ]);
      printTable([["NAME", "STATE", "ENCODER", "BUSY", "RUNS"], ...rows]);
    });
