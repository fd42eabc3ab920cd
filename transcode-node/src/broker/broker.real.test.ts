/** The broker's guarantees, on a real RabbitMQ: nothing is lost between a confirm and an acknowledgement. */
import { connect } from "amqplib";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { type RealBroker, startBroker } from "../testing/real-broker.ts";
import { type Broker, keepConnected, type Line } from "./connect.ts";
import { type Delivery, makeLane, makeSlot, type Slot } from "./consume.ts";
import { makePublisher, type Publisher } from "./publish.ts";
import { DEAD_QUEUE, queueOf, retryQueue, TASK_QUEUE, TASK_QUEUES } from "./topology.ts";

const log = pino({ level: "silent" });
let rabbit: RealBroker;
const open: Broker[] = [];

beforeAll(async () => {
  rabbit = await startBroker();
});
afterAll(() => rabbit.stop());
afterEach(() => leave());

/** Closes every connection and empties the queues. */
async function leave(): Promise<void> {
  await Promise.all(open.splice(0).map((broker) => broker.close()));
  const connection = await connect(rabbit.amqpUrl);
  const channel = await connection.createChannel();
  for (const queue of [...TASK_QUEUES, DEAD_QUEUE]) await channel.purgeQueue(queue);
  await connection.close();
}

/** A connection with a publisher and the given slots; `lines` counts how often it was made. */
async function join(slots: Slot[] = []) {
  const state: { lines: Line[]; publisher: Publisher | null } = { lines: [], publisher: null };
  const broker = keepConnected({
    url: rabbit.amqpUrl,
    log,
    async setup(line) {
      const publisher = await makePublisher(line);
      state.publisher = publisher;
      state.lines.push(line);
      for (const slot of slots) void slot.attach(line, publisher);
    },
  });
  open.push(broker);
  await eventually("connected", () => broker.standing());
  const send = (queue: string, text: string) => {
    if (!state.publisher) throw new Error("not connected");
    return state.publisher.send(queue, Buffer.from(text));
  };
  return { broker, state, send };
}

function collector(queue = TASK_QUEUE) {
  const taken: Delivery[] = [];
  const acks: (() => void)[] = [];
  const slot = makeSlot({
    queue,
    log,
    perform(delivery) {
      taken.push(delivery);
      return new Promise((resolve) => acks.push(resolve));
    },
  });
  return { slot, taken, free: () => acks.splice(0).map((done) => done()) };
}

test("a confirmed message lies in the queue; one for no queue is not sent although the broker confirms it", async () => {
  const { send } = await join();
  await send(TASK_QUEUE, "one");
  expect(await rabbit.depth(TASK_QUEUE)).toBe(1);
  await expect(send("no_such_queue", "two")).rejects.toMatchObject({ reason: "unroutable" });
  await send(TASK_QUEUE, "three");
  expect(await rabbit.depth(TASK_QUEUE)).toBe(2);
});

test("a slot holds one message at a time and takes the next after its acknowledgement", async () => {
  const { slot, taken, free } = collector();
  const { send } = await join([slot]);
  await send(TASK_QUEUE, "one");
  await send(TASK_QUEUE, "two");
  await eventually("the first", () => taken.length === 1);
  // Confirmed, and not delivered: a second unacknowledged message would not be among those that wait.
  expect(await rabbit.depth(TASK_QUEUE)).toBe(1);
  expect(taken).toHaveLength(1);
  taken[0]?.ack();
  free();
  await eventually("the second", () => taken.length === 2);
  expect(taken[1]?.body.toString()).toBe("two");
  taken[1]?.ack();
  free();
});

test("a parked message returns after its time, with its count, and is in no queue twice", async () => {
  const { slot, taken, free } = collector();
  const { send } = await join([slot]);
  await send(TASK_QUEUE, "later");
  const first = await eventually("delivered", () => taken[0] ?? null);
  const parkedAt = Date.now();
  await first.park("5s", 3);
  expect(await rabbit.depth(retryQueue(TASK_QUEUE, "30s"))).toBe(0);
  free();
  const second = await eventually("delivered again", () => taken[1] ?? null);
  // A lower bound, which holds on any machine.
  expect(Date.now() - parkedAt).toBeGreaterThan(4_800);
  expect(second).toMatchObject({ parked: 3, redelivered: false });
  expect(second.body.toString()).toBe("later");
  second.ack();
  free();
  await eventually("acknowledged", async () => (await rabbit.depth(retryQueue(TASK_QUEUE, "5s"))) === 0);
  expect(await rabbit.depth(TASK_QUEUE)).toBe(0);
  expect(taken).toHaveLength(2);
});

test("a parked message comes back into its own lane", async () => {
  const { slot, taken, free } = collector(queueOf("express"));
  const { send } = await join([slot]);
  await send(queueOf("express"), "express");
  const first = await eventually("delivered", () => taken[0] ?? null);
  await first.park("5s", 1);
  free();
  const second = await eventually("delivered again", () => taken[1] ?? null);
  expect(second.body.toString()).toBe("express");
  expect(await rabbit.depth(TASK_QUEUE)).toBe(0);
  second.ack();
  free();
});

test("a lane takes another message for each that frees its place, up to its limit, and ends such places with them", async () => {
  const queue = queueOf("audio");
  const taken: Delivery[] = [];
  const done = new Map<string, () => void>();
  const lane = makeLane({
    ...{ queue, places: 1, max: 2, log },
    perform(delivery) {
      taken.push(delivery);
      return new Promise((resolve) => done.set(delivery.body.toString(), resolve));
    },
  });
  const { send } = await join([lane]);
  for (const text of ["one", "two", "three"]) await send(queue, text);
  await eventually("one alone", () => taken.length === 1);
  taken[0]?.freePlace();
  taken[0]?.freePlace();
  await eventually("two beside it", () => taken.length === 2);
  expect(await rabbit.consumers(queue)).toBe(2);
  taken[1]?.freePlace();
  expect(await rabbit.depth(queue)).toBe(1);
  const end = (text: string) => {
    taken.find(({ body }) => body.toString() === text)?.ack();
    done.get(text)?.();
  };
  end("two");
  await eventually("three in the place of two", () => taken.length === 3);
  end("one");
  await eventually("one place is left", async () => (await rabbit.consumers(queue)) === 1);
  end("three");
  expect(taken.map(({ body }) => body.toString())).toEqual(["one", "two", "three"]);
});

test("a slot that is paused and resumed in the middle of a message holds no second one", async () => {
  const { slot, taken, free } = collector();
  const { send } = await join([slot]);
  await send(TASK_QUEUE, "one");
  await eventually("the first", () => taken.length === 1);
  for (let time = 0; time < 2; time += 1) {
    slot.pause(true);
    // The broker counts a consumer until its last message is acknowledged: only time is left to cancel it in.
    await rabbit.depth(TASK_QUEUE);
    slot.pause(false);
    await send(TASK_QUEUE, "another");
    // Confirmed, and not delivered: it is among those that wait.
    expect(await rabbit.depth(TASK_QUEUE)).toBe(time + 1);
  }
  expect(taken).toHaveLength(1);
  taken[0]?.ack();
  free();
  await eventually("the second after it", () => taken.length === 2);
  expect(await rabbit.depth(TASK_QUEUE)).toBe(1);
  taken[1]?.ack();
  free();
  await eventually("the third", () => taken.length === 3);
  taken[2]?.ack();
  free();
});

test("while the broker is in an alarm a message is written once, however often it is sent, and acknowledgements go on", async () => {
  const { slot, taken, free } = collector();
  const { send } = await join([slot]);
  for (const text of ["one", "two"]) await send(TASK_QUEUE, text);
  await eventually("the first", () => taken.length === 1);
  const queue = queueOf("short");
  await rabbit.alarm(true);
  try {
    // The first is written before the broker says that it takes none.
    for (let time = 0; time < 3; time += 1)
      await expect(send(queue, "once")).rejects.toMatchObject({ reason: "blocked" });
    taken[0]?.ack();
    free();
    await eventually("the second", () => taken.length === 2);
  } finally {
    await rabbit.alarm(false);
  }
  const sent = (text: string) =>
    send(queue, text).then(
      () => true,
      () => false,
    );
  await eventually("it takes messages again", () => sent("after"));
  expect(await rabbit.depth(queue)).toBe(2);
  taken[1]?.ack();
  free();
});

test("a message nobody can read goes to the dead letters", async () => {
  const { slot, taken, free } = collector();
  const { send } = await join([slot]);
  await send(TASK_QUEUE, "not a task");
  const delivery = await eventually("delivered", () => taken[0] ?? null);
  delivery.deadLetter();
  free();
  await eventually("dead-lettered", async () => (await rabbit.depth(DEAD_QUEUE)) === 1);
  expect(await rabbit.depth(TASK_QUEUE)).toBe(0);
});

test("a message that kills every consumer ends in the dead letters after the delivery limit", async () => {
  const { send } = await join();
  await send(TASK_QUEUE, "poison");
  const connection = await connect(rabbit.amqpUrl);
  let deliveries = 0;
  await eventually("dead-lettered", async () => {
    // A channel that closes with an unacknowledged message is what a dead worker looks like.
    const channel = await connection.createChannel();
    if (await channel.get(TASK_QUEUE)) deliveries += 1;
    await channel.close();
    return (await rabbit.depth(DEAD_QUEUE)) === 1;
  });
  await connection.close();
  // The first delivery, and twenty redeliveries.
  expect(deliveries).toBe(21);
});

async function killedAndStarted(): Promise<void> {
  const { slot, taken, free } = collector();
  const { broker, send, state } = await join([slot]);
  await send(TASK_QUEUE, "in hand");
  await eventually("delivered", () => taken.length === 1);
  await send(TASK_QUEUE, "waiting");
  await rabbit.kill();
  await eventually("noticed", () => !broker.standing());
  await expect(send(TASK_QUEUE, "lost?")).rejects.toMatchObject({ reason: "closed" });
  await rabbit.start();
  await eventually("connected anew", () => broker.standing());
  // The slot is still occupied: nothing new is taken before the old work ends.
  await eventually("both messages wait", async () => (await rabbit.depth(TASK_QUEUE)) === 2);
  expect(taken).toHaveLength(1);
  taken[0]?.ack();
  free();
  const bodies = async (count: number) => {
    const delivery = await eventually(`delivery ${count}`, () => taken[count - 1] ?? null);
    delivery.ack();
    free();
    return delivery;
  };
  const after = [await bodies(2), await bodies(3)];
  expect(after.map((delivery) => delivery.body.toString()).sort()).toEqual(["in hand", "waiting"]);
  expect(after.find((delivery) => delivery.body.toString() === "in hand")?.redelivered).toBe(true);
  expect(state.lines).toHaveLength(2);
}

async function cancelled(): Promise<void> {
  const { slot, taken, free } = collector();
  const { state, broker } = await join([slot]);
  const connection = await connect(rabbit.amqpUrl);
  const channel = await connection.createChannel();
  await eventually("consumed", async () => (await rabbit.consumers(TASK_QUEUE)) === 1);
  await channel.deleteQueue(TASK_QUEUE);
  await connection.close();
  await eventually("connected anew", () => state.lines.length === 2 && broker.standing());
  await state.publisher?.send(TASK_QUEUE, Buffer.from("after"));
  const delivery = await eventually("delivered", () => taken[0] ?? null);
  expect(delivery.body.toString()).toBe("after");
  delivery.ack();
  free();
}

// One test: RabbitMQ 3.10 does not survive a kill -9 after a quorum queue was deleted and declared again.
test("a broker killed and started again keeps its messages, a task in hand goes on and its message comes again; a cancelled consumer makes a new connection, and the slot consumes again", async () => {
  await killedAndStarted();
  await leave();
  await cancelled();
});

test("a paused lane takes nothing, also on a new line, and goes on where it was", async () => {
  const taken: string[] = [];
  const lane = makeLane({
    ...{ queue: queueOf("short"), places: 2, max: 2, log },
    async perform(delivery) {
      taken.push(delivery.body.toString());
      delivery.ack();
    },
  });
  const { state, send } = await join([lane]);
  await send(queueOf("short"), "before");
  await eventually("taken", () => taken.length === 1);
  lane.pause(true);
  const connection = await connect(rabbit.amqpUrl);
  const channel = await connection.createChannel();
  // The broker reads a channel in order: once it knows of no consumer, it has the acknowledgement, too.
  await eventually("paused", async () => (await channel.checkQueue(queueOf("short"))).consumerCount === 0);
  state.lines[0]?.fail("cut by the test");
  await eventually("a new line", () => state.lines.length === 2);
  await send(queueOf("short"), "while paused");
  // Resumed only once the broker itself says that the message is ready and nobody consumes.
  await eventually("it waits", async () => {
    const { messageCount, consumerCount } = await channel.checkQueue(queueOf("short"));
    return messageCount === 1 && consumerCount === 0;
  });
  await connection.close();
  expect(taken).toEqual(["before"]);
  lane.pause(false);
  await eventually("taken later", () => taken.length === 2);
  await lane.stop();
});
