/**
 * Simulated viewers, in a process of their own: each reports every ten seconds what it has played, as our player
 * does, from an address of its own. Started by `bench/audience.ts`; says what it sent on each message.
 */
import { Agent, request } from "node:http";
import { z } from "zod";
import { ADDRESS_HEADER } from "./stage.ts";

export const orderSchema = z.object({
  viewers: z.number(),
  /** Where to report; viewers are spread over them. */
  reports: z.array(z.string()),
  seconds: z.number(),
});
export type Order = z.infer<typeof orderSchema>;
export const sentSchema = z.object({
  sent: z.number(),
  /** Answers that were not 204, and requests that failed. */
  refused: z.number(),
  /** Milliseconds, sorted: a sample. */
  times: z.array(z.number()),
  cpuSeconds: z.number(),
});
export type Sent = z.infer<typeof sentSchema>;

const EVERY_MS = 10_000;
const SAMPLE = 10_000;
const AGENTS = ["Firefox/128.0", "Chrome/130.0 Mobile", "Safari/18.0 iPhone Mobile", "Chrome/130.0"];
const PLACES = ["https://news.example", "https://blog.example", undefined];

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
let counted: Omit<Sent, "cpuSeconds"> = { sent: 0, refused: 0, times: [] };
let cpu = process.cpuUsage();

process.on("message", (message) => {
  if (message === "count") return tell();
  start(orderSchema.parse(message));
});

function tell(): void {
  const { user, system } = process.cpuUsage(cpu);
  const times = counted.times.toSorted((a, b) => a - b);
  process.send?.({ ...counted, times, cpuSeconds: (user + system) / 1e6 } satisfies Sent);
  counted = { sent: 0, refused: 0, times: [] };
  cpu = process.cpuUsage();
}

/** Viewers begin spread over the first ten seconds, and each goes on until the end. */
function start({ viewers, reports, seconds }: Order): void {
  const run = crypto.randomUUID().slice(0, 8);
  for (let n = 0; n < viewers; n += 1) {
    const url = new URL(reports[n % reports.length] ?? "");
    let at = 0;
    const next = (): void => {
      if (at * 10 >= seconds) return;
      report(url, n, `${run}-${n}`, at);
      at += 1;
      setTimeout(next, EVERY_MS);
    };
    setTimeout(next, (n / viewers) * EVERY_MS);
  }
}

function report(url: URL, viewer: number, session: string, at: number): void {
  const body = JSON.stringify({
    ...{ session, played: [[10 * at, 10 * at + 10]], startupMs: 200 + (viewer % 1_000) },
    ...{ stalls: 0, stallMs: 0, height: 720, ended: false, place: PLACES[viewer % PLACES.length] },
  });
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    [ADDRESS_HEADER]: `10.${(viewer >> 16) & 255}.${(viewer >> 8) & 255}.${viewer & 255}`,
    "user-agent": AGENTS[viewer % AGENTS.length] ?? "",
  };
  const from = performance.now();
  const sent = request(url, { method: "POST", agent, headers }, (answer) => {
    answer.resume();
    answer.on("end", () => {
      counted.sent += 1;
      if (answer.statusCode !== 204) counted.refused += 1;
      if (counted.times.length < SAMPLE) counted.times.push(performance.now() - from);
    });
  });
  sent.on("error", () => {
    counted.refused += 1;
  });
  sent.end(body);
}
