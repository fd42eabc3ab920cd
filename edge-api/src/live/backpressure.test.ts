/** Missed events are sent at the reader's pace. */
import { expect, test } from "vitest";
import { Backpressure } from "./backpressure.ts";

test("what is sent next waits until the reader has read most of the rest", async () => {
  const backpressure = new Backpressure(1);
  let sent = 0;
  const stream = new ReadableStream<number>(
    {
      start: (controller) => {
        void (async () => {
          for (let batch = 0; batch < 3; batch += 1) {
            await backpressure.drained(controller, 4);
            for (let one = 0; one < 3; one += 1) controller.enqueue(sent++);
          }
          controller.close();
        })();
      },
      pull: () => backpressure.pulled(),
    },
    { highWaterMark: 4 },
  );
  const reader = stream.getReader();
  expect((await reader.read()).value).toBe(0);
  // Two are left to read: too many for the next three.
  await Promise.resolve();
  expect(sent).toBe(3);
  for (let next = 1; next < 9; next += 1) expect((await reader.read()).value).toBe(next);
  expect((await reader.read()).done).toBe(true);
  expect(sent).toBe(9);
});
