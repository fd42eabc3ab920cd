import { afterEach, beforeEach, expect, test } from "vitest";
import { dropToken, holdToken } from "../../api/access-token.ts";
import { dropVideo } from "../../api/cache.ts";
import { answerCalls, detailOf, problemOf } from "../../api/test-api.ts";
import { clearDone, done, noteUploaded, readOpen } from "./done.ts";

let api: Awaited<ReturnType<typeof answerCalls>>;
beforeEach(async () => {
  api = await answerCalls((call) => {
    if (call === "GET /v1/videos/deleted") return problemOf(404, "video.not_found");
    if (call === "GET /v1/videos/unknown") return problemOf(500, "internal");
    return { body: { ...detailOf("encoded"), status: "completed", playable: true } };
  });
  holdToken({ accessToken: "token", expiresIn: 900 });
  for (const id of ["deleted", "unknown", "encoded"])
    noteUploaded({ id, title: id, status: "processing", playable: false });
});
afterEach(() => {
  clearDone();
  dropToken();
  api.end();
});

const ids = () => done.map(({ id }) => id);

test("a video that is deleted leaves the tray", () => {
  dropVideo("encoded");
  expect(ids()).toEqual(["deleted", "unknown"]);
});

test("what became of the others is read beside one that is deleted and one that cannot be read", async () => {
  expect(await readOpen()).toMatchObject([{ id: "encoded", status: "completed" }]);
  expect(ids()).toEqual(["unknown", "encoded"]);
});
