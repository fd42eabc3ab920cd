import { expect, test } from "vitest";
import { startingNow } from "./send/connections.ts";
import { change, forget, uploadById, uploads } from "./store.ts";
import { enqueue, pauseUpload, resumeUpload } from "./uploads.ts";

/** A file of that size, of which no byte is read. */
const file = (name: string, size: number) =>
  Object.defineProperty(new File([], name), "size", { value: size });

test("an upload that is resumed while another holds every connection waits for its turn", () => {
  enqueue({ file: file("first.mp4", 900_000_000) }, null, "first");
  enqueue({ file: file("second.mp4", 900_000_000) }, null, "second");
  change("second", { state: "sending" });
  pauseUpload("second");
  expect(uploadById("second")?.state).toBe("paused");
  change("first", { state: "sending" });
  resumeUpload("second");
  expect(uploadById("second")?.state).toBe("waiting");
  expect(startingNow(uploads)).toEqual([]);
  change("first", { state: "finishing" });
  expect(startingNow(uploads).map(({ id }) => id)).toEqual(["second"]);
  for (const id of ["first", "second"]) forget(id);
});
