/**
 * Consumes messages one at a time: a slot is one channel with prefetch 1, so a poison message never takes
 * others with it.
 */
import { setTimeout as delay } from "node:timers/promises";
import { claimIdSchema } from "@storagex/contract/tasks/lease";
import type { Channel, ConsumeMessage } from "amqplib";
import type { Logger } from "pino";
import type { Line } from "./connect.ts";
import type { Publisher } from "./publish.ts";
import { type RetryStep, retryQueue } from "./topology.ts";

const PARKED = "x-storagex-parked";
/** Parking publishes the message again, which would lose the fact that its first consumer died with it. */
const REDELIVERED = "x-storagex-redelivered";
/** Ids of the claims for it that were not answered, with commas between them. */
const UNANSWERED = "x-storagex-unanswered";
const PARK_AGAIN_MS = 2_000;

/**
 * One unacknowledged message. After its connection is lost no call has an effect: the broker delivers it to
 * another consumer.
 */
export type Delivery = {
  body: Buffer;
  /** The broker delivered it before and got no acknowledgement; preserved when it is parked. */
  redelivered: boolean;
  /** The count it was last parked with; 0 for a new message. */
  parked: number;
  /** Claims that were not answered when it was parked. */
  unanswered: readonly string[];
  ack(): void;
  /** Moves it to the dead-letter queue: nobody can read it. */
  deadLetter(): void;
  /** Lets its lane take another message in the meantime: this one turns out to be long. */
  freePlace(): void;
  /**
   * Publishes it to a delay queue with `count`, waits for the confirm, then acknowledges: at any time it is
   * in at least one queue. The next delivery has `count` and `unanswered`.
   */
  park(step: RetryStep, count: number, unanswered?: readonly string[]): Promise<void>;
};

export type Slot = {
  /** Starts to consume on a new line, as soon as a task that outlived the old line has ended. */
  attach(line: Line, publisher: Publisher): Promise<void>;
  /** Takes no further message until it is resumed; the one in hand goes on. Survives a new line. */
  pause(isPaused: boolean): void;
  /** Takes no further message; resolves when every message is settled and the acknowledgements are sent. */
  stop(): Promise<void>;
};

function makeDelivery(
  message: ConsumeMessage,
  at: { queue: string; channel: Channel; line: Line; publisher: Publisher; log: Logger },
) {
  const { queue, channel, line, log } = at;
  const headers = message.properties.headers ?? {};
  const parked = Number(headers[PARKED] ?? 0);
  const redelivered = message.fields.redelivered || headers[REDELIVERED] === 1;
  const settle = (act: () => void) => {
    try {
      if (!line.lost.aborted) act();
    } catch (error) {
      log.warn({ reason: String(error) }, "not acknowledged: the broker will deliver it again");
    }
  };
  return {
    body: message.content,
    redelivered,
    parked,
    unanswered: idsIn(headers[UNANSWERED]),
    ack: () => settle(() => channel.ack(message)),
    freePlace: () => undefined,
    deadLetter: () => settle(() => channel.nack(message, false, false)),
    async park(step, count, unanswered = []) {
      while (!line.lost.aborted) {
        try {
          await at.publisher.send(retryQueue(queue, step), message.content, {
            [PARKED]: count,
            [REDELIVERED]: redelivered ? 1 : 0,
            ...(unanswered.length > 0 && { [UNANSWERED]: unanswered.join(",") }),
          });
          return settle(() => channel.ack(message));
        } catch (error) {
          log.warn({ reason: String(error) }, "could not park the message");
          await delay(PARK_AGAIN_MS, undefined, { signal: line.lost }).catch(() => undefined);
        }
      }
    },
  } satisfies Delivery;
}

const idsIn = (header: unknown): string[] =>
  typeof header === "string" ? header.split(",").filter((id) => claimIdSchema.safeParse(id).success) : [];

/**
 * A slot on `queue` that passes each message to `perform`. A cancelled consumer or closed channel fails the
 * line.
 */
export function makeSlot(options: {
  queue: string;
  log: Logger;
  perform: (delivery: Delivery) => Promise<void>;
}): Slot {
  const { queue, log } = options;
  let inHand: Promise<void> = Promise.resolve();
  let isFree = true;
  let stopped = false;
  let paused = false;
  let at: { channel: Channel; line: Line; publisher: Publisher; consumerTag: string | null } | null = null;
  let changes: Promise<void> = Promise.resolve();

  /** Consumes or stops consuming as is wanted now, one change at a time. A dead channel fails its line. */
  function follow(): Promise<void> {
    changes = changes.then(async () => {
      const current = at;
      if (!current) return;
      const { channel, consumerTag } = current;
      const isWanted = !paused && !stopped;
      try {
        // Prefetch is by consumer: one that began beside a message in hand would get another.
        if (isWanted && isFree && consumerTag === null) current.consumerTag = await consume(current);
        if (!isWanted && consumerTag !== null) {
          current.consumerTag = null;
          await channel.cancel(consumerTag);
        }
      } catch (error) {
        if (!stopped) current.line.fail(String(error));
      }
    });
    return changes;
  }

  async function consume({ channel, line, publisher }: NonNullable<typeof at>): Promise<string> {
    const { consumerTag } = await channel.consume(queue, (message) => {
      // The broker cancels a consumer when its queue is deleted; otherwise the slot would idle for ever.
      if (message === null) return line.fail(`consumer of ${queue} was cancelled`);
      const delivery = makeDelivery(message, { queue, channel, line, publisher, log });
      isFree = false;
      inHand = options
        .perform(delivery)
        .catch((error: unknown) => {
          log.error({ err: error }, "a message was left unacknowledged");
          line.fail("a message could not be dealt with");
        })
        .finally(() => {
          isFree = true;
          void follow();
        });
    });
    return consumerTag;
  }

  async function begin(line: Line, publisher: Publisher): Promise<void> {
    const channel = await line.connection.createChannel();
    channel.on("error", (error) => line.fail(error.message));
    channel.on("close", () => {
      if (!stopped) line.fail("consuming channel closed");
    });
    await channel.prefetch(1);
    at = { channel, line, publisher, consumerTag: null };
    await follow();
  }

  return {
    async attach(line, publisher) {
      at = null;
      await inHand;
      if (stopped || line.lost.aborted) return;
      await begin(line, publisher).catch((error: unknown) => line.fail(String(error)));
    },
    pause(isPaused) {
      paused = isPaused;
      void follow();
    },
    async stop() {
      stopped = true;
      // A dead channel rejects; then there is nothing to cancel or close.
      await follow();
      await inHand;
      // The connection's close does not wait for acknowledgements; the channel's does.
      await at?.channel.close().catch(() => undefined);
    },
  };
}

/**
 * A lane: `places` slots on `queue`, and one more, up to `max` in total, for each message that frees its
 * place. Such a slot ends with its message.
 */
export function makeLane(options: {
  queue: string;
  places: number;
  max: number;
  log: Logger;
  perform: (delivery: Delivery) => Promise<void>;
}): Slot {
  const { queue, log, perform } = options;
  const slots = new Set<Slot>();
  let at: { line: Line; publisher: Publisher } | null = null;
  let stopped = false;
  let paused = false;

  function open(): void {
    const slot = makeSlot({
      queue,
      log,
      async perform(delivery) {
        let isFree = false;
        const freePlace = () => {
          if (isFree || stopped || slots.size >= options.max) return;
          isFree = true;
          open();
        };
        try {
          await perform({ ...delivery, freePlace });
        } finally {
          // Not awaited, because it waits for this very message. It counts until it has ended.
          if (isFree) void slot.stop().then(() => slots.delete(slot));
        }
      },
    });
    slots.add(slot);
    slot.pause(paused);
    if (at) void slot.attach(at.line, at.publisher);
  }

  for (let place = 0; place < options.places; place += 1) open();
  return {
    async attach(line, publisher) {
      at = { line, publisher };
      await Promise.all([...slots].map((slot) => slot.attach(line, publisher)));
    },
    pause(isPaused) {
      paused = isPaused;
      for (const slot of slots) slot.pause(isPaused);
    },
    async stop() {
      stopped = true;
      await Promise.all([...slots].map((slot) => slot.stop()));
    },
  };
}
