/** The order in which a stack comes up, as the list of steps that a person sees. */
import { Listr, type ListrTask } from "listr2";
import type { Blueprint } from "./blueprint.ts";
import { build } from "./build.ts";
import { runOneShot } from "./one-shot.ts";
import { inClone } from "./paths.ts";
import type { ReservedPorts } from "./ports.ts";
import { preparePostgres } from "./postgres.ts";
import { until } from "./probe.ts";
import { makeBucket } from "./s3.ts";
import type { Supervisor } from "./supervisor.ts";

const READY_WITHIN_MS = 60_000;

export type Stack = { blueprint: Blueprint; ports: ReservedPorts; supervisor: Supervisor };

/** Brings everything up: what depends on nothing side by side, then the API, then what calls it. */
export async function bringUp(stack: Stack, isTerminal: boolean): Promise<void> {
  const { blueprint } = stack;
  let failure: unknown;
  /** The first failure is told once, at the end, with the log of the part; the list only marks the step. */
  const step = (title: string, act: () => Promise<unknown>): ListrTask => ({
    title,
    task: async (_, task) => {
      try {
        const remark = await act();
        if (typeof remark === "string") task.title = `${title} (${remark})`;
      } catch (error) {
        failure ??= error;
        throw new Error("see below");
      }
    },
  });
  const ground = [
    step("Dashboard and API bundle", async () => ((await build()).length === 0 ? "up to date" : "built")),
    step("PostgreSQL and its tables", () => startDatabase(stack)),
    step("S3 and its bucket", () => startStorage(stack)),
    step("RabbitMQ", () => startBroker(stack)),
  ];
  const house = [
    step("Bridge", () => startPart(stack, "bridge", blueprint.bridge)),
    step("Edge API", () => startPart(stack, "web", blueprint.workerd)),
    step(`Workers: ${blueprint.workers.length}`, () => startWorkers(stack)),
    step("Everything answers", () => waitReady(blueprint.localUrl)),
  ];
  const list = new Listr(
    [
      { title: "Ground", task: (_, task) => task.newListr(ground, { concurrent: true }) },
      { title: "House", task: (_, task) => task.newListr(house) },
    ],
    {
      renderer: isTerminal ? "default" : "simple",
      // Ctrl-C is the supervisor's to answer.
      registerSignalListeners: false,
      rendererOptions: { collapseSubtasks: false },
    },
  );
  await list.run().catch((error: unknown) => {
    throw failure ?? error;
  });
}

async function startDatabase({ blueprint, ports, supervisor }: Stack): Promise<void> {
  if (blueprint.postgres) {
    await preparePostgres(blueprint.postgres.settings);
    await ports.release("postgres");
    await supervisor.start(blueprint.postgres.part);
  }
  await runOneShot(inClone("edge-api", "ops", "migrate.ts"), [], { DATABASE_URL: blueprint.databaseUrl });
  await ports.release("sql");
  if (blueprint.sqlEndpoint) await supervisor.start(blueprint.sqlEndpoint);
}

async function startStorage({ blueprint, ports, supervisor }: Stack): Promise<void> {
  await ports.release("s3");
  if (blueprint.s3) await supervisor.start(blueprint.s3);
  await makeBucket(blueprint.bucket);
}

async function startBroker({ blueprint, ports, supervisor }: Stack): Promise<void> {
  if (!blueprint.broker) return;
  await ports.release("amqp");
  await supervisor.start(blueprint.broker.epmd);
  await supervisor.start(blueprint.broker.rabbitmq);
}

async function startPart(
  { ports, supervisor }: Stack,
  port: "bridge" | "web",
  part: Blueprint["bridge"],
): Promise<void> {
  await ports.release(port);
  await supervisor.start(part);
}

async function startWorkers({ blueprint, supervisor }: Stack): Promise<void> {
  await Promise.all(blueprint.workers.map((part) => supervisor.start(part)));
}

/** Waits for the API's own word that all it needs is there; throws with what it says is missing. */
async function waitReady(localUrl: string): Promise<void> {
  let words = "no answer";
  const isReady = async (): Promise<boolean> => {
    const answer = await fetch(`${localUrl}/readyz`, { signal: AbortSignal.timeout(10_000) });
    words = `${answer.status} ${await answer.text()}`;
    return answer.status === 200;
  };
  if (!(await until(isReady, READY_WITHIN_MS, 250))) throw new Error(`/readyz: ${words.slice(0, 2_000)}`);
}
