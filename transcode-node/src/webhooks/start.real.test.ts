/** The sender and its line to the broker, on a real RabbitMQ. */
import { readAllowList } from "@storagex/contract/net/addresses";
import { connect } from "amqplib";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DELIVERY_QUEUE } from "../broker/topology.ts";
import { eventually } from "../testing/eventually.ts";
import { type RealBroker, startBroker } from "../testing/real-broker.ts";
import { startSender } from "./start.ts";

let rabbit: RealBroker;
beforeAll(async () => {
  rabbit = await startBroker();
});
afterAll(() => rabbit.stop());

test("a delivery that is done while its line is dropped is handed over again, and ends no process", async () => {
  const unheard: unknown[] = [];
  const note = (error: unknown) => unheard.push(error);
  process.on("unhandledRejection", note);
  const claims: { id: string; done: (answer: { outcome: "none" }) => void }[] = [];
  let isDropped = false;
  const write = (line: string) => {
    if (!line.includes("dropping")) return;
    // The line has begun to close, and the broker has not answered yet.
    claims[0]?.done({ outcome: "none" });
    isDropped = true;
  };
  const log = pino({ level: "warn" }, { write });
  const sender = startSender(rabbit.amqpUrl, {
    api: {
      claim: (id) => new Promise((done) => claims.push({ id, done })),
      report: async () => undefined,
    },
    allow: readAllowList(""),
    log,
  });
  try {
    await eventually("connected", () => sender.standing());
    const connection = await connect(rabbit.amqpUrl);
    const channel = await connection.createConfirmChannel();
    channel.sendToQueue(DELIVERY_QUEUE, Buffer.from(JSON.stringify({ deliveryId: "one" })));
    await channel.waitForConfirms();
    await eventually("claimed", () => claims.length === 1);
    // Its consumer is cancelled, and it drops the line.
    await channel.deleteQueue(DELIVERY_QUEUE);
    // A queue of that name made before would keep its consumer.
    await eventually("dropped", () => isDropped && !sender.standing());
    await eventually("connected again", () => sender.standing());
    channel.sendToQueue(DELIVERY_QUEUE, Buffer.from(JSON.stringify({ deliveryId: "two" })));
    await eventually("claimed after that", () => claims.length === 2);
    claims[1]?.done({ outcome: "none" });
    await connection.close();
    expect(unheard).toEqual([]);
  } finally {
    await sender.stop();
    process.off("unhandledRejection", note);
  }
});
