import { afterAll, beforeAll, expect, test } from "vitest";
import { dropToken, holdToken } from "../access-token.ts";
import { answerCalls, videoOf } from "../test-api.ts";
import { listAllVideos } from "./videos.ts";

const asked: URLSearchParams[] = [];
let api: Awaited<ReturnType<typeof answerCalls>>;

beforeAll(async () => {
  // Two pages of unfinished uploads, one video each.
  api = await answerCalls((_, query) => {
    asked.push(query);
    return query.has("cursor")
      ? { body: { items: [videoOf("older")], nextCursor: null } }
      : { body: { items: [videoOf("newer")], nextCursor: "further" } };
  });
  holdToken({ accessToken: "token", expiresIn: 900 });
});
afterAll(() => {
  api.end();
  dropToken();
});

test("all videos are those of every page: a second page of unfinished uploads is not missed", async () => {
  const all = await listAllVideos({ status: "pending_upload" });
  expect(all.map(({ title }) => title)).toEqual(["newer", "older"]);
  expect(asked.map((query) => [query.getAll("status"), query.get("cursor")])).toEqual([
    [["pending_upload"], null],
    [["pending_upload"], "further"],
  ]);
});
