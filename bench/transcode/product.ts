/**
 * The running product under measurement: a stack without workers, the benchmark's own workers beside it, and
 * the database rows.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { taskKindSchema } from "@storagex/contract/tasks/kinds";
import { type CutPlan, cutPlanSchema } from "@storagex/contract/tasks/plan";
import pg from "pg";
import { z } from "zod";
import { type Person, register } from "../../e2e/testing/account.ts";
import { connections } from "../../e2e/testing/losses.ts";
import { type RunningStack, startStack } from "../../e2e/testing/running-stack.ts";
import { inClone } from "../../stack/paths.ts";
import { readSecrets } from "../../stack/setup/secrets.ts";
import { ownCpu, treeCpu } from "./cpu.ts";

/** The processes of the stack's services without the workers, by purpose. */
const PARTS = {
  storage: ["s3"],
  "API (workerd, SQL endpoint)": ["workerd", "sql-endpoint"],
  PostgreSQL: ["postgres"],
  "RabbitMQ, bridge": ["rabbitmq", "bridge"],
} as const;

const taskRow = z.object({
  kind: taskKindSchema,
  index: z.number(),
  state: z.string(),
  worker: z.string().nullable(),
  created: z.number(),
  published: z.number().nullable(),
  started: z.number().nullable(),
  finished: z.number().nullable(),
});
/** One task's timestamps, in seconds since the epoch. */
export type TaskTrace = z.infer<typeof taskRow>;

const videoRow = z.object({
  status: z.string(),
  plan: cutPlanSchema.nullable(),
  completed: z.number().nullable(),
  errorCode: z.string().nullable(),
});
export type VideoTrace = z.infer<typeof videoRow>;

/** What FFmpeg used, as the worker logged it. */
const ranLine = z.object({
  videoId: z.string(),
  kind: taskKindSchema,
  index: z.number(),
  msg: z.enum(["encoded", "audio ran"]),
  cpu: z.number(),
});
export type Ran = z.infer<typeof ranLine>;

export type Crew = {
  /** FFmpeg runs so far, in the order in which they ended. */
  ran: Ran[];
  /** CPU seconds of the worker processes and their FFmpeg processes. */
  cpu(): number;
  /** Of the worker processes alone. */
  ownCpu(): number;
};

export class Product implements AsyncDisposable {
  readonly person: Person;
  readonly #stack: RunningStack;
  readonly #database: pg.Client;

  private constructor(stack: RunningStack, database: pg.Client, person: Person) {
    this.#stack = stack;
    this.#database = database;
    this.person = person;
  }

  static async start(): Promise<Product> {
    const stack = await startStack({ STORAGEX_WORKERS: "0", LOG_LEVEL: "info" });
    const { databaseUrl } = await connections(stack);
    const database = new pg.Client({ connectionString: databaseUrl });
    await database.connect();
    return new Product(stack, database, await register(() => stack.url));
  }

  /** Calls `act` with `count` workers (processes of `slots` tasks at a time), all of them live and idle. */
  async withWorkers<T>(count: number, slots: number, act: (crew: Crew) => Promise<T>): Promise<T> {
    // Workers of the previous run would count as live for half a minute, and the plan depends on the number
    // of live workers.
    await this.#database.query("DELETE FROM workers");
    const { amqpUrl } = await connections(this.#stack);
    const secrets = await readSecrets(this.#stack.folder);
    if (!secrets) throw new Error("the stack has no secrets");
    const ran: Ran[] = [];
    const workers = Array.from({ length: count }, (_, n) => {
      const name = `bench-${n + 1}`;
      const worker = spawn(process.execPath, [inClone("transcode-node", "src", "worker.ts")], {
        env: {
          PATH: process.env.PATH,
          AMQP_URL: amqpUrl,
          EDGE_API_URL: this.#stack.url,
          WORKER_NAME: name,
          WORKER_CREDENTIAL: `${secrets.worker.id}.${secrets.worker.secret}`,
          WORKER_SCRATCH: join(this.#stack.folder, "scratch", name),
          WORKER_SLOTS: String(slots),
        },
        stdio: ["ignore", "pipe", "inherit"],
      });
      createInterface({ input: worker.stdout }).on("line", (line) => {
        const said = ranLine.safeParse(JSON.parse(line));
        if (said.success) ran.push(said.data);
      });
      return worker;
    });
    try {
      await this.#greeted(count, slots);
      const over = (count: (pid: number) => number) => () =>
        workers.reduce((sum, { pid }) => sum + count(pid ?? 0), 0);
      return await act({ ran, cpu: over(treeCpu), ownCpu: over(ownCpu) });
    } finally {
      await Promise.all(workers.map(stopped));
    }
  }

  async #greeted(count: number, slots: number): Promise<void> {
    for (;;) {
      const { rows } = await this.#database.query(
        "SELECT 1 FROM workers WHERE slots = $1 AND seen_at > now() - interval '5 s'",
        [slots],
      );
      if (rows.length === count) return;
      await sleep(100);
    }
  }

  /** CPU seconds so far of the stack's services without the workers. */
  async cpuOfParts(): Promise<Record<string, number>> {
    const each = Object.entries(PARTS).map(async ([name, parts]) => {
      const pids = await Promise.all(parts.map((part) => this.#stack.pid(part)));
      return [name, pids.reduce((sum, pid) => sum + treeCpu(pid), 0)] as const;
    });
    return Object.fromEntries(await Promise.all(each));
  }

  /** The video's tasks in the order of their creation. */
  async tasks(id: string): Promise<TaskTrace[]> {
    const at = (column: string) => `extract(epoch FROM ${column}_at)::float8 AS ${column}`;
    const { rows } = await this.#database.query(
      `SELECT kind, index, state, worker, ${["created", "published", "started", "finished"].map(at).join(", ")}
       FROM tasks WHERE video_id = $1 ORDER BY created_at, kind DESC, index`,
      [id],
    );
    return rows.map((row) => taskRow.parse(row));
  }

  /** Share of the video's chunks that are encoded (0–1), each with the same weight; 0 before its plan. */
  async share(id: string): Promise<number> {
    const { rows } = await this.#database.query(
      `SELECT coalesce(avg(CASE state WHEN 'succeeded' THEN 1 ELSE progress END), 0)::float8 AS share
       FROM tasks WHERE video_id = $1 AND kind = 'encode'`,
      [id],
    );
    return z.object({ share: z.number() }).parse(rows[0]).share;
  }

  async video(id: string): Promise<VideoTrace> {
    const { rows } = await this.#database.query(
      `SELECT status, plan || jsonb_build_object('chunks', (SELECT jsonb_agg(jsonb_build_object('index', index,
         'firstFrame', first_frame, 'frames', frames) ORDER BY index) FROM tasks
         WHERE video_id = videos.id AND generation = videos.generation AND kind = 'encode')) AS plan, extract(epoch FROM completed_at)::float8 AS completed, error_code AS "errorCode"
       FROM videos WHERE id = $1`,
      [id],
    );
    return videoRow.parse(rows[0]);
  }

  /**
   * Waits until `wanted` is true for the video's row. It polls twice a second: more would take cores from
   * what it waits for, and the rows hold the timestamps. Throws when the video failed.
   */
  async until(id: string, wanted: (video: VideoTrace) => boolean): Promise<VideoTrace> {
    for (;;) {
      const video = await this.video(id);
      if (wanted(video)) return video;
      if (video.status === "failed") throw new Error(`the video failed: ${video.errorCode}`);
      await sleep(500);
    }
  }

  /** Waits until no task runs or is queued, so that the next run starts with an idle queue. */
  async idle(): Promise<void> {
    for (;;) {
      const { rows } = await this.#database.query(
        `SELECT 1 FROM tasks JOIN videos ON videos.id = video_id
         WHERE tasks.state IN ('queued', 'running') AND videos.status IN ('queued', 'processing') LIMIT 1`,
      );
      if (rows.length === 0) return;
      await sleep(100);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database.end();
    await this.#stack.dispose();
  }
}

export const planOf = ({ plan }: VideoTrace): CutPlan => {
  if (!plan) throw new Error("the video has no plan");
  return plan;
};

async function stopped(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null) return;
  worker.kill("SIGTERM");
  await once(worker, "exit");
}
