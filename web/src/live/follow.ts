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
/**
 * Milliseconds without a stream after which nothing is repeated: every query is read again at an open stream, and
 * a tab that was hidden for days would be told of each change of those days first.
 */
const REPEATED_AFTER = 60_000;

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
  let closedAt = 0;

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
      if (began - closedAt > REPEATED_AFTER) lastEventId = undefined;
      let isHeard = false;
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
            isHeard = true;
            if (id) lastEventId = id;
            if (event.event === "video.updated") putVideo(event.data);
            else dropVideo(event.data.id);
          },
        });
        // Perhaps it cannot repeat what follows that id, and ended for it.
        if (!isHeard) lastEventId = undefined;
        // A server that ends streams at once, such as one that is stopping, must not be asked again without a
        // pause.
        if (Date.now() - began < BREATH) await pause(BREATH, signal);
      } catch {
        if (signal.aborted) break;
        setLive(false);
        failures += 1;
        await pause(Math.min(LONGEST_WAIT, 500 * 2 ** failures), signal);
      } finally {
        closedAt = Date.now();
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
