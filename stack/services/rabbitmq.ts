/** The embedded RabbitMQ service: the system's broker, run from our own folder, with its own epmd. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RabbitProgram } from "../setup/programs.ts";
import { answersTcp } from "../supervise/probe.ts";
import { releaseOf } from "./rabbit-release.ts";
import type { Service } from "./service.ts";

/** A task may run 6 h at most (the worker's hard limit). The broker takes a message back after twice that. */
const CONSUMER_TIMEOUT_MS = 12 * 60 * 60 * 1000;

export type RabbitSettings = { folder: string; port: number; password: string; program: RabbitProgram };

/** The URL of the embedded broker. */
export function amqpUrlOf({ port, password }: Pick<RabbitSettings, "port" | "password">): string {
  return `amqp://storagex:${encodeURIComponent(password)}@127.0.0.1:${port}`;
}

/**
 * Erlang's port mapper. Started by the stack and not by Erlang, it ends with the stack instead of staying
 * behind.
 */
export function epmdService({ port, program }: Pick<RabbitSettings, "port" | "program">): Service {
  const own = port + 10_000;
  return {
    name: "epmd",
    command: [program.epmd, "-address", "127.0.0.1", "-port", String(own)],
    env: {},
    isReady: () => answersTcp("127.0.0.1", own),
    // It listens at once, but on a busy machine whoever asks may have to wait for its turn.
    readyWithinMs: 20_000,
    stopSignal: "SIGTERM",
    stopWithinMs: 300,
  };
}

/** The RabbitMQ service; the processes that use its queues declare them. */
export function rabbitService(settings: RabbitSettings): Service {
  const { folder, port, program } = settings;
  const release = releaseOf(program.server, join(folder, "release"));
  return {
    name: "rabbitmq",
    command: [release.server],
    env: {
      ...release.env,
      // Without this the start script stays as a wrapper, and the pid is not the broker's.
      RUNNING_UNDER_SYSTEMD: "true",
      HOME: join(folder, "home"),
      RABBITMQ_NODENAME: `storagex-${port}@localhost`,
      RABBITMQ_DIST_PORT: String(port + 20_000),
      ERL_EPMD_PORT: String(port + 10_000),
      ERL_EPMD_ADDRESS: "127.0.0.1",
      RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
      RABBITMQ_CONF_ENV_FILE: "/dev/null",
      RABBITMQ_MNESIA_BASE: join(folder, "mnesia"),
      RABBITMQ_LOG_BASE: join(folder, "log"),
      RABBITMQ_SCHEMA_DIR: join(folder, "schema"),
      RABBITMQ_GENERATED_CONFIG_DIR: join(folder, "schema"),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "enabled_plugins"),
      RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, "advanced.config"),
      RABBITMQ_PID_FILE: join(folder, "pid"),
      // No busy waiting: idle schedulers would spin on cores that encode.
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
        "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
    },
    prepare: async () => {
      await release.prepare();
      await writeSettings(settings);
    },
    isReady: () => answersTcp("127.0.0.1", port),
    readyWithinMs: 60_000,
    stopSignal: "SIGTERM",
    stopWithinMs: 3_500,
  };
}

async function writeSettings({ folder, port, password }: RabbitSettings): Promise<void> {
  for (const name of ["home", "mnesia", "log", "schema"])
    await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    "default_user = storagex",
    `default_pass = ${password}`,
    `consumer_timeout = ${CONSUMER_TIMEOUT_MS}`,
    "log.console = true",
    "log.console.level = warning",
    "log.file = false",
    "vm_memory_high_watermark.absolute = 512MiB",
    "disk_free_limit.absolute = 200MB",
  ];
  await writeFile(join(folder, "rabbitmq.conf"), `${lines.join("\n")}\n`, { mode: 0o600 });
  await writeFile(join(folder, "enabled_plugins"), "[].\n");
}
