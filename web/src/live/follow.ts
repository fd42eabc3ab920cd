/**
 * Keeps what is shown up to date: by the event stream while the tab is visible, by frequent polling without
 * it, rare polling with it.
 */
import { createSignal } from "solid-js";
import { dropVideo, putVideo, rereadAll } from "../api/cache.ts";
import { authorizedFetch } from "../api/client.ts";
import { pause } from "../api/network.ts";
import { readStream } from "./stream.ts";

const POLL = 3_000;
/** Polling beside the stream finds what no event contains, such as positions in the queue after the 20th. */
const POLL_LIVE = 30_000;
const LONGEST_WAIT = 15_000;
const BREATH = 1_000;

const [live, setLive] = createSignal(false);

/** For queries: milliseconds between fetches. */
export const pollEvery = (): number => (live() ? POLL_LIVE : POLL);

/**
 * Follows changes until the returned function is called. A hidden tab keeps no connection: browsers allow six
 * per origin over HTTP/1.1, and ten open tabs must not block the eleventh.
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
            // What was missed before the first id, or before an id that the server does not know any more.
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
        // A server that ends streams at once, such as one that is stopping, must not be asked again without a
        // pause.
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
