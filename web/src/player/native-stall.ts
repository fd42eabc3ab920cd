/**
 * Loads a video again that a browser plays by itself (hls.js is not used there). Such a player stops asking for an
 * EVENT playlist that has not grown for a while (RFC 8216, 6.3.4), and then never sees that it goes on.
 */

/** Milliseconds without progress. Longer than one and a half target durations of ours. */
const STALL = 15_000;

type Stalling = EventTarget & Pick<HTMLVideoElement, "currentTime" | "paused" | "ended" | "load">;

/**
 * Watches `video` until `signal` ends; where it waits for bytes, `onReload` is called and the video loaded again,
 * and once more after the same time as long as nothing comes.
 */
export function reloadAfterStall(
  video: Stalling,
  { signal, onReload }: { signal: AbortSignal; onReload: (seconds: number) => void },
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let at = 0;
  const end = () => clearTimeout(timer);
  const wait = () => {
    end();
    timer = setTimeout(reload, STALL);
  };
  function reload(): void {
    if (video.paused || video.ended) return;
    onReload(at);
    video.load();
    wait();
  }
  const on = (type: string, listener: () => void) => video.addEventListener(type, listener, { signal });
  on("waiting", () => {
    at = video.currentTime;
    wait();
  });
  for (const type of ["playing", "pause", "ended"]) on(type, end);
  signal.addEventListener("abort", end);
}
