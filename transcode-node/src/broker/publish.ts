/** Reliable publishing: persistent, mandatory, confirmed. */
import { randomUUID } from "node:crypto";
import type { Line } from "./connect.ts";

const CONFIRM_TIMEOUT_MS = 5_000;

/**
 * Why a message does not count as sent. It may still arrive (`timeout`, and `blocked` while the broker is in an alarm):
 * receivers remove duplicates.
 */
export class NotSent extends Error {
  readonly reason: "unroutable" | "refused" | "timeout" | "blocked" | "closed";
  constructor(reason: NotSent["reason"]) {
    super(`message not sent: ${reason}`);
    this.name = "NotSent";
    this.reason = reason;
  }
}

export type Headers = Record<string, string | number>;

export type Publisher = {
  /**
   * Resolves after the broker's confirm; rejects with NotSent. `queue` is the routing key of the default exchange. The same
   * message again, while an earlier one is unconfirmed, is not written again: the broker takes that one yet.
   */
  send(queue: string, body: Buffer, headers?: Headers): Promise<void>;
  /** Whether the broker is in an alarm, as it told the last message. */
  isBlocked(): boolean;
};

/** One confirm channel on a connection of its own beside `line`. The line fails when the channel does. */
export async function makePublisher(line: Line): Promise<Publisher> {
  const connection = await line.openAnother();
  const channel = await connection.createConfirmChannel();
  const returned = new Set<string>();
  const unconfirmed = new Map<string, Promise<void>>();
  let closed = false;
  let blocked = new AbortController();
  connection.on("blocked", () => blocked.abort());
  connection.on("unblocked", () => {
    blocked = new AbortController();
  });
  channel.on("error", (error) => line.fail(error.message));
  channel.on("close", () => {
    closed = true;
    line.fail("publishing channel closed");
  });
  // An unroutable message is returned first and then confirmed all the same: the confirm alone proves
  // nothing.
  channel.on("return", (message) => returned.add(String(message.properties.messageId)));

  function publish(queue: string, body: Buffer, headers: Headers): Promise<void> {
    const messageId = randomUUID();
    const options = {
      persistent: true,
      mandatory: true,
      messageId,
      headers,
      contentType: "application/json",
    };
    return new Promise((resolve, reject) => {
      channel.publish("", queue, body, options, (error: unknown) => {
        if (returned.delete(messageId)) reject(new NotSent("unroutable"));
        else if (error) reject(new NotSent(closed || line.lost.aborted ? "closed" : "refused"));
        else resolve();
      });
    });
  }

  return {
    isBlocked: () => blocked.signal.aborted,
    async send(queue, body, headers = {}) {
      if (closed || line.lost.aborted) throw new NotSent("closed");
      if (blocked.signal.aborted) throw new NotSent("blocked");
      const key = JSON.stringify([queue, body.toString("base64"), headers]);
      let sent = unconfirmed.get(key);
      if (!sent) {
        sent = publish(queue, body, headers).finally(() => unconfirmed.delete(key));
        unconfirmed.set(key, sent);
      }
      await confirmed(sent, blocked.signal);
    },
  };
}

/** `sent`, or a rejection once it takes too long or the broker says that it takes no messages. */
function confirmed(sent: Promise<void>, blocked: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const give = (reason: NotSent["reason"]) => () => reject(new NotSent(reason));
    const onBlocked = give("blocked");
    const timer = setTimeout(give("timeout"), CONFIRM_TIMEOUT_MS);
    blocked.addEventListener("abort", onBlocked, { once: true });
    sent.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      blocked.removeEventListener("abort", onBlocked);
    });
  });
}
