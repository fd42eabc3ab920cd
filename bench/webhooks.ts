/**
 * Measures webhooks: from an event to its first try at an endpoint that answers, alone, beside a hundred that
 * hang, and among a hundred with one deaf and without.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import { expectJson, type Person, register, ticket } from "../e2e/testing/account.ts";
import { startStack } from "../e2e/testing/running-stack.ts";
import { percentile } from "./api/load.ts";
import { describeMachine } from "./transcode/machine.ts";
import { Endpoints } from "./webhooks/endpoints.ts";

/** An account each: how many of its endpoints answer, and how many never do. */
const GROUPS = [
  { name: "ten endpoints", heard: 10, deaf: 0 },
  { name: "ten, beside a hundred that hang", heard: 10, deaf: 100 },
  { name: "a hundred endpoints", heard: 100, deaf: 0 },
  { name: "ninety-nine, beside one that hangs", heard: 99, deaf: 1 },
] as const;

/** Events of one account in a round, and milliseconds from one to the next. */
const EVENTS = 5;
const GAP_MS = 400;
const LIMIT_MS = 60_000;
/** Milliseconds that 95 of 100 first tries may take. */
const MAX_P95 = 1_000;

const count = z.coerce.number().int().min(1).max(100);

type Group = (typeof GROUPS)[number] & { person: Person; videoId: string; took: number[] };

async function makeGroup(url: string, endpoints: Endpoints, group: (typeof GROUPS)[number]): Promise<Group> {
  const person = await register(() => url);
  const { video } = await ticket(person, "bench.mp4", 1_000);
  for (const isDeaf of [false, true])
    for (let n = 0; n < (isDeaf ? group.deaf : group.heard); n += 1) {
      const body = { url: endpoints.urlOf(person.user.id, n, isDeaf), events: ["video.updated"] };
      await expectJson(await person.call("POST", "/v1/webhooks", body), 201);
    }
  return { ...group, person, videoId: video.id, took: [] };
}

/** Makes the events of one round, and waits until all that are heard have arrived. */
async function measure({ person, videoId, heard, took }: Group, endpoints: Endpoints): Promise<void> {
  const before = endpoints.arrivals.length;
  for (let event = 0; event < EVENTS; event += 1) {
    const title = `${event} ${Date.now()}`;
    await expectJson(await person.call("PATCH", `/v1/videos/${videoId}`, { title }), 200);
    await sleep(GAP_MS);
  }
  const deadline = Date.now() + LIMIT_MS;
  while (endpoints.arrivals.length - before < heard * EVENTS) {
    if (Date.now() > deadline)
      throw new Error(`${endpoints.arrivals.length - before} of ${heard * EVENTS} arrived within a minute`);
    await sleep(20);
  }
  took.push(...endpoints.arrivals.slice(before).map((arrival) => arrival.took));
}

/** Prints a table; fails where beside a hundred endpoints that hang more than 5 of 100 first tries take over a second. */
export default async function run(args: readonly string[] = []): Promise<void> {
  const command = new Command("npm run bench webhooks --")
    .option(
      "--rounds <count>",
      `rounds of ${EVENTS} events for each account`,
      (text: string) => {
        const read = count.safeParse(text);
        if (!read.success) throw new InvalidArgumentError(read.error.issues[0]?.message ?? "");
        return read.data;
      },
      5,
    )
    .parse(args, { from: "user" });
  const { rounds } = z.object({ rounds: count }).parse(command.opts());
  const machine = await describeMachine();
  await using endpoints = await new Endpoints().listen();
  const stack = await startStack({ STORAGEX_WORKERS: "0", STORAGEX_WEBHOOK_ALLOW: "127.0.0.1" });
  try {
    const groups: Group[] = [];
    for (const group of GROUPS) groups.push(await makeGroup(stack.url, endpoints, group));
    // In turns, so that a machine that slows down does so for all.
    for (let round = 0; round < rounds; round += 1)
      for (const group of groups) await measure(group, endpoints);
    process.stdout.write(
      `\n${machine.processor}, ${machine.cores} cores, load ${machine.load.toFixed(1)}; ${rounds} rounds of ${EVENTS} events\n\n` +
        "| event to first try at | median | 95 of 100 | longest |\n| --- | --- | --- | --- |\n",
    );
    for (const { name, took } of groups) {
      const sorted = took.toSorted((a, b) => a - b);
      const cells = [0.5, 0.95, 1].map((share) => `${percentile(sorted, share)} ms`);
      process.stdout.write(`| ${name} | ${cells.join(" | ")} |\n`);
    }
    const hanging = groups.find(({ deaf }) => deaf === 100)?.took.toSorted((a, b) => a - b) ?? [];
    if (percentile(hanging, 0.95) > MAX_P95) process.exitCode = 1;
  } finally {
    await stack.dispose();
  }
}
