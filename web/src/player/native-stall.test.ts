import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { reloadAfterStall } from "./native-stall.ts";

/** What the browser's own player shows of itself. */
class Video extends EventTarget {
  currentTime = 0;
  paused = false;
  ended = false;
  loads = 0;
  load(): void {
    this.loads += 1;
    this.currentTime = 0;
  }
  is(type: string): void {
    this.dispatchEvent(new Event(type));
  }
}

let video: Video;
let stop: AbortController;
let places: number[];
beforeEach(() => {
  vi.useFakeTimers();
  video = new Video();
  stop = new AbortController();
  places = [];
  reloadAfterStall(video, { signal: stop.signal, onReload: (seconds) => places.push(seconds) });
});
afterEach(() => {
  stop.abort();
  vi.useRealTimers();
});

test("a video that waits at the end of what is encoded is loaded again at its place, until it plays on", () => {
  video.is("playing");
  video.currentTime = 12;
  video.is("waiting");
  vi.advanceTimersByTime(14_000);
  expect(video.loads).toBe(0);
  vi.advanceTimersByTime(17_000);
  expect([video.loads, places]).toEqual([2, [12, 12]]);
  video.is("playing");
  vi.advanceTimersByTime(60_000);
  expect(video.loads).toBe(2);
});

test("one that is paused, has ended or is gone is left alone", () => {
  video.is("waiting");
  video.is("pause");
  vi.advanceTimersByTime(60_000);
  video.is("waiting");
  video.ended = true;
  vi.advanceTimersByTime(60_000);
  video.ended = false;
  video.is("waiting");
  stop.abort();
  vi.advanceTimersByTime(60_000);
  expect(video.loads).toBe(0);
});
