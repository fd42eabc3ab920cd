import { expect, test } from "vitest";
import { type Chunk, headingOf } from "../timeline/timeline.ts";
import { pageStatus } from "./status-of-page.ts";

const chunk = (state: Chunk["state"]): Chunk => ({
  index: 0,
  from: 0,
  to: 30,
  state,
  uploaded: true,
  worker: state === "running" ? "worker-1" : null,
  progress: 0,
});

test.each([
  [[], "Reading the file"],
  [["waiting"], "Waiting for a worker"],
  [["running", "waiting"], "Encoding 3%"],
  [["done"], "Finishing 3%"],
] as const)("chunks %j: the bar says %j, and the timeline does not contradict it", (states, left) => {
  const processing = {
    chunks: states.map(chunk),
    playableTo: 0,
    speed: null,
    secondsLeft: null,
    retries: 0,
  };
  const video = {
    status: "processing",
    progress: 0.03,
    uploaded: 1,
    queuePosition: null,
    playable: false,
    error: null,
    origin: "upload",
    import: null,
    processing,
  } as const;
  expect(pageStatus(video).left).toBe(left);
  expect(headingOf(processing).split(" ")[0]).toBe(left.split(" ")[0]);
});
