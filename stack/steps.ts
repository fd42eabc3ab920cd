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
  const ground: ListrTask[] = [
    { title: "Dashboard and API bundle", task: buildStep },
    { title: "PostgreSQL and its tables", task: () => startDatabase(stack) },
    { title: "S3 and its bucket", task: () => startStorage(stack) },
    { title: "RabbitMQ", skip: () => stack.blueprint.broker === undefined, task: () => startBroker(stack) },
  ];
  const house: ListrTask[] = [
    { title: "Bridge", task: () => startPart(stack, "bridge", stack.blueprint.bridge) },
    { title: "Edge API", task: () => startPart(stack, "web", stack.blueprint.workerd) },
    { title: "Workers", task: () => startWorkers(stack) },
    { title: "Everything answers", task: () => waitReady(stack.blueprint.localUrl) },
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
  await list.run();
}

async function buildStep(_: unknown, task: { title: string }): Promise<void> {
  const built = await build();
  if (built.length === 0) task.title = `${task.title} (up to date)`;
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
