/** Keeps what is shown up to date: by the stream while the tab is visible, by polling often while it is gone and seldom beside it. */
import { createSignal } from "solid-js";
import { dropVideo, putVideo, rereadAll } from "../api/cache.ts";
import { authorizedFetch } from "../api/client.ts";
import { readStream } from "./stream.ts";

const POLL = 3_000;
/** The stream tells what its own process heard; where the API runs in several, the others' reports are read. */
const POLL_LIVE = 30_000;
const LONGEST_WAIT = 15_000;
const BREATH = 1_000;

const [live, setLive] = createSignal(false);

/** For queries: milliseconds between reads. */
export const pollEvery = (): number => (live() ? POLL_LIVE : POLL);

/**
 * Follows changes until the answered function is called. A hidden tab holds no connection:
 * browsers give one origin six over HTTP/1.1, and ten open tabs must not starve the eleventh.
 */
export function followChanges(): () => void {
  const ended = new AbortController();
  let connection: AbortController | undefined;
  let lastEventId: string | undefined;

  const turn = () => {
    if (document.hidden) connection?.abort();
    else if (!connection || connection.signal.aborted) void keepReading();
  };

  const keepReading = async () => {
    const own = new AbortController();
    connection = own;
    const signal = AbortSignal.any([own.signal, ended.signal]);
    let failures = 0;
    while (!signal.aborted) {
      const began = Date.now();
      try {
        await readStream({
          fetch: authorizedFetch,
          lastEventId,
          signal,
          onOpen: () => {
            // What was missed is read: another process may have answered this time, and knows no event of the last.
            void rereadAll();
            failures = 0;
            setLive(true);
          },
          onEvent: (event, id) => {
            if (id) lastEventId = id;
            if (event.event === "video.updated") putVideo(event.data);
            else dropVideo(event.data.id);
          },
        });
        // A server that ends streams at once, as one that is stopping, must not be asked without a breath.
        if (Date.now() - began < BREATH) await pause(BREATH, signal);
      } catch {
        if (signal.aborted) break;
        setLive(false);
        failures += 1;
        await pause(Math.min(LONGEST_WAIT, 500 * 2 ** failures), signal);
      }
    }
    setLive(false);
  };

  document.addEventListener("visibilitychange", turn);
  turn();
  return () => {
    document.removeEventListener("visibilitychange", turn);
    ended.abort();
  };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
