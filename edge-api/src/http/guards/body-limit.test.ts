/** Bodies that arrive late, break off, or are too long. */
import { expect, test } from "vitest";
import { readWithin } from "./body-limit.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("a whole body is read", async () => {
  expect(new TextDecoder().decode(await readWithin(new Blob(["hello"]).stream(), 10, 1_000))).toBe("hello");
});

test("one that does not end in time is given up, however it trickles", async () => {
  let cancelled = false;
  let stop = () => {};
  const trickle = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const timer = setInterval(() => controller.enqueue(bytes("x")), 5);
      stop = () => clearInterval(timer);
    },
    cancel: () => {
      stop();
      cancelled = true;
    },
  });
  await expect(readWithin(trickle, 1_000_000, 100)).rejects.toMatchObject({ code: "request.timeout" });
  expect(cancelled).toBe(true);
});

test("one that breaks off is the client's mistake", async () => {
  const broken = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.error(new Error("Network connection lost.")),
  });
  await expect(readWithin(broken, 10, 1_000)).rejects.toMatchObject({ code: "request.malformed" });
});

test("one that is too long is read away, and not kept", async () => {
  let sent = 0;
  const long = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (sent === 100) controller.close();
      else controller.enqueue(bytes("0123456789"));
      sent += 1;
    },
  });
  await expect(readWithin(long, 50, 1_000)).rejects.toMatchObject({ code: "request.too_large" });
  expect(sent).toBe(101);
});
