/** A test's own broker starts, takes a durable message, and leaves nothing behind. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "amqplib";
import { expect, test } from "vitest";
import { answersTcp } from "../../stack/supervise/probe.ts";
import { startRabbit } from "./start-rabbit.ts";

test("a broker starts in a folder, serves a quorum queue, and ends with its epmd", async () => {
  const dir = await mkdtemp(join(tmpdir(), "storagex-rabbit-"));
  const rabbit = await startRabbit(dir);
  try {
    // It runs with what it needs, not with every plugin of the package.
    const linked = await readdir(join(dir, "rabbitmq", "release", "plugins"));
    expect(linked.some((name) => name.startsWith("rabbit-"))).toBe(true);
    expect(linked.filter((name) => /^(rabbitmq_management|cowboy)-/.test(name))).toEqual([]);
    const connection = await connect(rabbit.amqpUrl);
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue("q", { durable: true, arguments: { "x-queue-type": "quorum" } });
    channel.sendToQueue("q", Buffer.from("hello"), { persistent: true });
    await channel.waitForConfirms();
    const got = await channel.get("q", { noAck: true });
    if (!got) throw new Error("the queue is empty");
    expect(got.content.toString()).toBe("hello");
    await connection.close();
  } finally {
    await rabbit.stop();
  }
  expect(await answersTcp("127.0.0.1", rabbit.port)).toBe(false);
  expect(await answersTcp("127.0.0.1", rabbit.port + 10_000)).toBe(false);
  await rm(dir, { recursive: true, force: true });
});
