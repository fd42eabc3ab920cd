/**
 * The time limit that a package keeps, over collections of garbage: prints how a call ends that is never answered.
 * node --expose-gc time-limit.js MODULE
 */
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const { within } = await import(pathToFileURL(process.argv[2]).href);
const silent = createServer(() => undefined);
await new Promise((listening) => silent.listen(0, "127.0.0.1", listening));
const url = `http://127.0.0.1:${silent.address().port}/`;

const { signal } = new AbortController();
// As openapi-fetch calls: a Request with the signal.
const call = within(500, signal, (limit) => fetch(new Request(url, { signal: limit }))).then(
  () => "answered",
  (error) => error.name,
);
for (let times = 0; times < 10; times += 1) {
  await sleep(30);
  globalThis.gc();
}
const end = await Promise.race([call, sleep(5_000, "still waits")]);
process.stdout.write(end, () => process.exit());
