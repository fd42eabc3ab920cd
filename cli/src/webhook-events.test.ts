import type { Schemas } from "@storagex/client";
import { expect, test } from "vitest";
import { eventsBetween } from "./webhook-events.ts";

type Listed = Schemas["Video"];
const TICKET = { status: "pending_upload", uploaded: 0, playable: false, revision: 0 } as Listed;
const video = (changes: Partial<Listed>): Listed => ({ ...TICKET, ...changes });

test("each change gives its events, once", () => {
  const playable = video({ playable: true });
  const encoding = video({ status: "processing", uploaded: 1, playable: true });
  const completed = video({ ...encoding, status: "completed" });
  expect(eventsBetween(undefined, TICKET)).toEqual(["video.created"]);
  expect(eventsBetween(TICKET, TICKET)).toEqual([]);
  expect(eventsBetween(TICKET, playable)).toEqual(["video.playable"]);
  expect(eventsBetween(playable, encoding)).toEqual(["video.uploaded"]);
  expect(eventsBetween(encoding, completed)).toEqual(["video.completed"]);
  expect(eventsBetween(completed, video({ ...completed, revision: 1 }))).toEqual(["video.updated"]);
});

test("changes that were told as one give the events of both, in order", () => {
  const completed = video({ status: "completed", uploaded: 1, playable: true });
  const all = ["video.created", "video.uploaded", "video.playable", "video.completed"];
  expect(eventsBetween(undefined, completed)).toEqual(all);
});

test("a file that was refused while it was sent is not uploaded; a retry fails again", () => {
  const refused = video({ status: "failed" });
  expect(eventsBetween(TICKET, refused)).toEqual(["video.failed"]);
  const queued = video({ status: "queued", uploaded: 1 });
  expect(eventsBetween(video({ status: "failed", uploaded: 1 }), queued)).toEqual([]);
  expect(eventsBetween(queued, video({ status: "failed", uploaded: 1 }))).toEqual(["video.failed"]);
});
