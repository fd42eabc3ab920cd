/**
 * How a stack starts: the steps that the terminal shows. All run at once, each as soon as what it needs is
 * ready.
 */
import { Listr, type ListrTask } from "listr2";
import type { Config } from "../config.ts";
import { build } from "../entries/build.ts";
import { preparePostgres } from "../services/postgres.ts";
import { makeBucket } from "../services/s3.ts";
import { until } from "../supervise/probe.ts";
import type { Supervisor } from "../supervise/supervisor.ts";
import type { Blueprint } from "./blueprint.ts";
import type { ReservedPorts } from "./ports.ts";
import { prepareDatabase } from "./prepare-database.ts";

const READY_WITHIN_MS = 60_000;

export type Stack = {
  blueprint: Blueprint;
  config: Config;
  ports: ReservedPorts;
  supervisor: Supervisor;
  print(line: string): void;
};

/**
 * Starts everything; returns the setup link while there is no admin. The broker is the slowest: only services
 * that talk to it depend on it, and they start beside it and connect when they can. The API starts after the
 * database has its first admin, so whoever finds it ready can sign in.
 */
export async function bringUp(stack: Stack, isTerminal: boolean): Promise<{ setupLink: string | undefined }> {
  const { blueprint, ports, supervisor } = stack;
  let failure: unknown;
  let setupLink: string | undefined;
  /** The first failure is printed once, at the end, with the service's log; the list only marks the step. */
  const step = (title: string, work: Promise<unknown>): ListrTask => {
    work.catch((error: unknown) => {
      failure ??= error;
    });
    return {
      title,
      task: async (_, task) => {
        const remark = await work.catch(() => Promise.reject(new Error("see below")));
        if (typeof remark === "string") task.title = `${title} (${remark})`;
      },
    };
  };
  const bundle = build().then((built) => (built.length === 0 ? "up to date" : "built"));
  const database = startDatabase(stack).then((link) => {
    setupLink = link;
  });
  const storage = startStorage(stack);
  const broker = startBroker(stack);
  const bridge = ports.release("bridge").then(() => supervisor.start(blueprint.bridge));
  const webhooks = ports.release("webhooks").then(() => supervisor.start(blueprint.webhooks));
  const workers = startWorkers(stack);
  const api = Promise.all([bundle, database, storage])
    .then(() => ports.release("web"))
    .then(() => supervisor.start(blueprint.workerd));
  const imports = api.then(() => ports.release("imports")).then(() => supervisor.start(blueprint.imports));
  const ready = Promise.all([api, bridge, webhooks, imports, workers, broker]).then(() =>
    waitReady(blueprint.localUrl),
  );
  const infrastructure = [
    step("Dashboard and API bundle", bundle),
    step("PostgreSQL, schema and first administrator", database),
    step("S3 and bucket", storage),
    step("RabbitMQ", broker),
  ];
  const services = [
    step("Bridge", bridge),
    step("Edge API", api),
    step("Webhooks", webhooks),
    step("Imports", imports),
    step(`Workers: ${blueprint.workers.length}`, workers),
    step("All services are ready", ready),
  ];
  const list = new Listr(
    [
      { title: "Infrastructure", task: (_, task) => task.newListr(infrastructure, { concurrent: true }) },
      { title: "Services", task: (_, task) => task.newListr(services, { concurrent: true }) },
    ],
    {
      concurrent: true,
      renderer: isTerminal ? "default" : "simple",
      // The supervisor handles Ctrl-C.
      registerSignalListeners: false,
      rendererOptions: { collapseSubtasks: false },
    },
  );
  await list.run().catch((error: unknown) => {
    throw failure ?? error;
  });
  return { setupLink };
}

/** Returns the setup link while there is no admin. */
async function startDatabase({
  blueprint,
  config,
  ports,
  supervisor,
  print,
}: Stack): Promise<string | undefined> {
  if (blueprint.postgres) {
    await preparePostgres(blueprint.postgres.settings);
    await ports.release("postgres");
    await supervisor.start(blueprint.postgres.service);
  }
  await ports.release("sql");
  const [setupLink] = await Promise.all([
    prepareDatabase(blueprint, config, print),
    blueprint.sqlEndpoint && supervisor.start(blueprint.sqlEndpoint),
  ]);
  return setupLink;
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

async function startWorkers({ blueprint, ports, supervisor }: Stack): Promise<void> {
  await Promise.all(
    blueprint.workers.map(async (service, index) => {
      await ports.release(`worker-${index + 1}`);
      await supervisor.start(service);
    }),
  );
}

/** Waits until the API reports that all it needs is there; throws with what it reports as missing. */
async function waitReady(localUrl: string): Promise<void> {
  let words = "no answer";
  const isReady = async (): Promise<boolean> => {
    const answer = await fetch(`${localUrl}/readyz`, { signal: AbortSignal.timeout(10_000) });
    words = `${answer.status} ${await answer.text()}`;
    return answer.status === 200;
  };
  if (!(await until(isReady, READY_WITHIN_MS))) throw new Error(`/readyz: ${words.slice(0, 2_000)}`);
}
