/** Probes with a timeout: does a port accept connections, does a URL respond with 2xx. */
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const PROBE_MS = 1_500;

/** Whether `host:port` accepts a TCP connection within 1.5 s. */
export function answersTcp(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PROBE_MS });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}

/** Whether a GET of `url` responds with 2xx within `withinMs` (1.5 s by default). */
export async function answersHttp(url: string, withinMs = PROBE_MS): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(withinMs), redirect: "manual" });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

/** Runs `probe` every `everyMs` until it succeeds (true) or `withinMs` have passed (false). */
export async function until(
  probe: () => Promise<boolean>,
  withinMs: number,
  everyMs = 100,
): Promise<boolean> {
  const end = Date.now() + withinMs;
  while (Date.now() < end) {
    if (await probe().catch(() => false)) return true;
    await sleep(everyMs);
  }
  return false;
}
