/** Order of what dashboards see: never backwards, except for a new run. */
import type { LiveEvent } from "@storagex/contract/events";
import { expect, test } from "vitest";
import { Order } from "./order.ts";

type Updated = Extract<LiveEvent, { event: "video.updated" }>["data"];
const AT = "2026-11-24T10:00:00.000Z";
function update(
  seq: number,
  progress: number,
  status: Updated["status"] = "processing",
  id = "v",
): LiveEvent {
  const data: Updated = {
    id,
    ownerId: "u",
    title: "t",
    filename: "f",
    size: 1,
    tags: [],
    visibility: "private" as const,
    externalId: null,
    publicDownload: false,
    origin: "upload" as const,
    import: null,
    status,
    progress,
    uploaded: 1,
    queuePosition: null,
    playable: false,
    poster: null,
    error: null,
    duration: null,
    width: null,
    height: null,
    renditions: [],
    createdAt: AT,
    updatedAt: AT,
    completedAt: null,
    seq,
    revision: 0,
  };
  return { event: "video.updated", data };
}
const progressOf = (event: LiveEvent | null) =>
  event?.event === "video.updated" ? event.data.progress : event;

test("progress of one run never falls, whichever report comes last", () => {
  const order = new Order();
  expect([0.1, 0.4, 0.3, 0.5].map((progress) => progressOf(order.admit(update(1, progress))))).toEqual([
    0.1, 0.4, 0.4, 0.5,
  ]);
});

test("a snapshot of the past is dropped, and what came after it still counts", () => {
  const order = new Order();
  expect(progressOf(order.admit(update(5, 1, "completed")))).toBe(1);
  expect(order.admit(update(4, 0.9))).toBeNull();
  expect(order.admit(update(4, 0.9))).toBeNull();
  expect(order.admit(update(6, 1, "completed"))).not.toBeNull();
});

test("a new run starts from zero; another video is another's", () => {
  const order = new Order();
  order.admit(update(1, 0.8));
  order.admit(update(2, 0, "failed"));
  order.admit(update(3, 0, "queued"));
  expect(progressOf(order.admit(update(4, 0.01)))).toBe(0.01);
  expect(progressOf(order.admit(update(1, 0.02, "processing", "w")))).toBe(0.02);
});

test("what is deleted is told and forgotten; old videos are forgotten too", () => {
  const order = new Order();
  order.admit(update(9, 0.9));
  expect(order.admit({ event: "video.deleted", data: { id: "v" } })).not.toBeNull();
  expect(progressOf(order.admit(update(1, 0.1)))).toBe(0.1);
  for (let index = 0; index < 500; index += 1) order.admit(update(1, 0, "queued", `other-${index}`));
  expect(order.admit(update(0, 0.05))).not.toBeNull();
});
