/** Clients that send one request after another, each over its own connection, and what they count. */
import { Agent, type IncomingMessage, request } from "node:http";

/** One request; each client has its own, so that no two share an account. */
export type Ask = { path: string; headers?: Readonly<Record<string, string>> };

export type Counted = {
  requests: number;
  seconds: number;
  /** Response bytes of one request. */
  bytes: number;
  /** Milliseconds of each request, sorted. */
  times: readonly number[];
};

/** Whether the clients continue. */
type Goes = () => boolean;

/**
 * Every client of `asks` sends its list of requests in a loop until `seconds` have passed or `goes` is false.
 * Throws at the first response that is not 200, so that no refusal is counted as fast.
 */
export async function load(
  url: string,
  asks: readonly (readonly Ask[])[],
  seconds: number,
  isOver: () => boolean = () => false,
): Promise<Counted> {
  const began = performance.now();
  const goes = () => !isOver() && performance.now() - began < seconds * 1000;
  const clients = await Promise.all(asks.map((own) => client(url, own, goes)));
  const times = clients.flatMap((each) => each.times).sort((a, b) => a - b);
  const bytes = clients.reduce((sum, each) => sum + each.bytes, 0);
  return {
    requests: times.length,
    seconds: (performance.now() - began) / 1000,
    bytes: Math.round(bytes / Math.max(1, times.length)),
    times,
  };
}

async function client(
  url: string,
  asks: readonly Ask[],
  goes: Goes,
): Promise<{ times: number[]; bytes: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const counted = { times: [] as number[], bytes: 0 };
  try {
    for (let turn = 0; goes(); turn += 1) {
      const ask = asks[turn % asks.length];
      if (!ask) break;
      const from = performance.now();
      counted.bytes += await get(new URL(ask.path, url), agent, ask.headers ?? {});
      counted.times.push(performance.now() - from);
    }
  } finally {
    agent.destroy();
  }
  return counted;
}

/** Reads the response to its end; resolves to its bytes. */
function get(url: URL, agent: Agent, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers }, (answer: IncomingMessage) => {
      let bytes = 0;
      let text = "";
      answer.on("data", (piece: Buffer) => {
        bytes += piece.length;
        if (answer.statusCode !== 200) text += piece.toString();
      });
      answer.on("end", () => {
        if (answer.statusCode === 200) resolve(bytes);
        else reject(new Error(`${url.pathname} answered ${answer.statusCode}: ${text.slice(0, 300)}`));
      });
      answer.on("error", reject);
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** The time (ms) that `share` (0 to 1) of the requests do not exceed. */
export function percentile(times: readonly number[], share: number): number {
  return times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? Number.NaN;
}
