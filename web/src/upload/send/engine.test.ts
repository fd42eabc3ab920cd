import { expect, test } from "vitest";
import { throughOutages } from "../../api/network.ts";
import { createEngine, type EngineEvents, type UploadCalls } from "./engine.ts";

type Video = { id: string };
type Ticket = Awaited<ReturnType<UploadCalls<Video>["ticket"]>>;

const unexpected = async (): Promise<never> => {
  throw new Error("not expected");
};

test("an upload that is cancelled while its ticket is requested leaves no ticket behind", async () => {
  const { promise, resolve } = Promise.withResolvers<Ticket>();
  const aborted = Promise.withResolvers<string>();
  const told: string[] = [];
  const events: EngineEvents<Video> = {
    ticket: () => told.push("ticket"),
    progress: () => told.push("progress"),
    arrived: () => told.push("arrived"),
    sent: () => told.push("sent"),
    ended: () => told.push("ended"),
    failed: () => told.push("failed"),
  };
  const engine = createEngine<Video>(events, {
    ticket: (_file, _request, signal) => throughOutages(() => promise, signal),
    abort: async (id) => aborted.resolve(id),
    ...{ partUrls: unexpected, findParts: unexpected, stored: unexpected },
    ...{ complete: unexpected, video: unexpected },
  });
  engine.remove(engine.start(new File(["film"], "film.mp4"), null));
  resolve({ video: { id: "made" }, upload: { partSize: 8, parts: [] } });
  expect(await aborted.promise).toBe("made");
  expect(told).toEqual([]);
});
