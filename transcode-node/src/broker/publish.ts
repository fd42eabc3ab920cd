/** Reliable publishing: persistent, mandatory, confirmed. */
import { randomUUID } from "node:crypto";
import type { Line } from "./connect.ts";

const CONFIRM_TIMEOUT_MS = 5_000;

/** Why a message does not count as sent. It may still have arrived (`timeout`): receivers remove duplicates. */
export class NotSent extends Error {
  readonly reason: "unroutable" | "refused" | "timeout" | "closed";
  constructor(reason: NotSent["reason"]) {
    super(`message not sent: ${reason}`);
    this.name = "NotSent";
    this.reason = reason;
  }
}

export type Headers = Record<string, string | number>;

export type Publisher = {
  /** Resolves after the broker's confirm; rejects with NotSent. `queue` is the routing key of the default exchange. */
  send(queue: string, body: Buffer, headers?: Headers): Promise<void>;
};

/** One confirm channel on `line`. The line fails when the channel does. */
export async function makePublisher(line: Line): Promise<Publisher> {
  const channel = await line.connection.createConfirmChannel();
  const returned = new Set<string>();
  let closed = false;
  channel.on("error", (error) => line.fail(error.message));
  channel.on("close", () => {
    closed = true;
    line.fail("publishing channel closed");
  });
  // An unroutable message is returned first and then confirmed all the same: the confirm alone proves
  // nothing.
  channel.on("return", (message) => returned.add(String(message.properties.messageId)));

  return {
    send(queue, body, headers = {}) {
      const messageId = randomUUID();
      return new Promise((resolve, reject) => {
        if (closed || line.lost.aborted) return reject(new NotSent("closed"));
        const timer = setTimeout(() => reject(new NotSent("timeout")), CONFIRM_TIMEOUT_MS);
        const options = {
          persistent: true,
          mandatory: true,
          messageId,
          headers,
          contentType: "application/json",
        };
        channel.publish("", queue, body, options, (error: unknown) => {
          clearTimeout(timer);
          if (returned.delete(messageId)) reject(new NotSent("unroutable"));
          else if (error) reject(new NotSent(closed || line.lost.aborted ? "closed" : "refused"));
          else resolve();
        });
      });
    },
  };
}
