/**
 * Keeps the broker connected, by one connection and what is opened beside it: monitored by heartbeats, reopened with
 * back-off and jitter.
 */
import { setTimeout as delay } from "node:timers/promises";
import { type ChannelModel, connect } from "amqplib";
import type { Logger } from "pino";
import { declareTopology } from "./topology.ts";

const HEARTBEAT_SECONDS = 10;
const CONNECT_TIMEOUT_MS = 5_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
/** Nobody is listening there yet: another attempt costs the broker nothing, and it may be starting. */
const LONGEST_WAIT_REFUSED_MS = 300;

/**
 * What a new connection gives its users. `lost` aborts when it ends; `fail` ends it, and another is opened at
 * once.
 */
export type Line = {
  connection: ChannelModel;
  /**
   * Opens another connection, which is lost with the first and takes it along. For publishing: a broker in an alarm reads
   * nothing more from a connection that publishes, and acknowledgements must go on.
   */
  openAnother(): Promise<ChannelModel>;
  lost: AbortSignal;
  fail: (reason: string) => void;
};

export type Broker = {
  /** True while a connection is open and `setup` has succeeded on it. */
  standing(): boolean;
  /** Closes permanently. */
  close(): Promise<void>;
};

function withHeartbeat(url: string): string {
  const address = new URL(url);
  if (!address.searchParams.has("heartbeat"))
    address.searchParams.set("heartbeat", String(HEARTBEAT_SECONDS));
  return address.href;
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
}

/** Connects until `close()`; on every new connection declares the queues, then runs `setup`. */
export function keepConnected(options: {
  url: string;
  log: Logger;
  setup: (line: Line) => Promise<void>;
}): Broker {
  const { log } = options;
  const closing = new AbortController();
  let standing = false;
  let closeOpen = async (): Promise<void> => undefined;

  /** Resolves when the connection has ended, with whether it had been ready. */
  async function once(): Promise<boolean> {
    const all: ChannelModel[] = [];
    const lost = new AbortController();
    const closeAll = async () => {
      await Promise.all(all.map((connection) => connection.close().catch(() => undefined)));
    };
    const openAnother = async () => {
      const opened = await connect(withHeartbeat(options.url), {
        timeout: CONNECT_TIMEOUT_MS,
        noDelay: true,
      });
      all.push(opened);
      opened.on("close", () => {
        lost.abort();
        void closeAll();
      });
      opened.on("error", (error) => log.warn({ reason: error.message }, "broker connection failed"));
      opened.on("blocked", (reason) => log.warn({ reason }, "broker takes no messages for now"));
      opened.on("unblocked", () => log.info("broker takes messages again"));
      if (lost.signal.aborted) await closeAll();
      return opened;
    };
    const connection = await openAnother();
    const ended = new Promise<void>((resolve) => connection.on("close", () => resolve()));
    closeOpen = closeAll;
    const fail = (reason: string) => {
      if (lost.signal.aborted || closing.signal.aborted) return;
      log.warn({ reason }, "dropping the broker connection");
      void closeAll();
    };
    try {
      const channel = await connection.createChannel();
      channel.on("error", (error) => log.error({ reason: error.message }, "queues cannot be declared"));
      await declareTopology(channel);
      await channel.close();
      await options.setup({ connection, openAnother, lost: lost.signal, fail });
      standing = !lost.signal.aborted;
      if (standing) log.info("connected to the broker");
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
    }
    const stood = standing;
    if (closing.signal.aborted) await closeAll();
    await ended;
    standing = false;
    return stood;
  }

  async function forever(): Promise<void> {
    let wait = FIRST_WAIT_MS;
    let told = "";
    while (!closing.signal.aborted) {
      let longest = LONGEST_WAIT_MS;
      const stood = await once().catch((error: unknown) => {
        if (isRefused(error)) longest = LONGEST_WAIT_REFUSED_MS;
        const reason = error instanceof Error ? error.message : String(error);
        // Once per outage: several attempts a second would fill the log.
        if (reason !== told) log.warn({ reason }, "broker not reached");
        told = reason;
        return false;
      });
      if (stood) told = "";
      wait = stood ? FIRST_WAIT_MS : Math.min(longest, wait * 2);
      // Jitter: workers that all lost their broker must not come back at the same time.
      await delay(wait * (0.5 + Math.random() / 2), undefined, { signal: closing.signal }).catch(
        () => undefined,
      );
    }
  }

  const life = forever();
  return {
    standing: () => standing,
    async close() {
      closing.abort();
      await closeOpen();
      await life;
    },
  };
}
