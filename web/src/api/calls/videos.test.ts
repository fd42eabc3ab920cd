import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { dropToken, holdToken } from "../access-token.ts";
import { listAllVideos } from "./videos.ts";

const asked: URLSearchParams[] = [];
/** Two pages of unfinished uploads, one video each. */
const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? "", "http://host");
  asked.push(searchParams);
  const page = searchParams.has("cursor")
    ? { items: [video("older")], nextCursor: null }
    : { items: [video("newer")], nextCursor: "further" };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(page));
});

const video = (title: string) => ({
  ...{ id: "aaaaaaaaaaaaaaaaaaaaaa", ownerId: "bbbbbbbbbbbbbbbbbbbbbb", title, filename: "a.mp4", size: 10 },
  ...{ tags: [], visibility: "private", externalId: null, publicDownload: false, origin: "upload" },
  ...{ import: null, status: "pending_upload", progress: 0, uploaded: 0.5, queuePosition: null },
  ...{ playable: false, poster: null, error: null, duration: null, width: null, height: null },
  ...{ renditions: [], completedAt: null, seq: 1, revision: 0 },
  ...{ createdAt: "2026-01-01T00:00:00.000Z", updatedAt: "2026-01-01T00:00:10.000Z" },
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const real = fetch;
  // A page's addresses are those of its own host.
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => real(new URL(path, base), init));
  holdToken({ accessToken: "token", expiresIn: 900 });
});
afterAll(() => {
  vi.unstubAllGlobals();
  dropToken();
  server.closeAllConnections();
  server.close();
});

test("all videos are those of every page: a second page of unfinished uploads is not missed", async () => {
  const all = await listAllVideos({ status: "pending_upload" });
  expect(all.map(({ title }) => title)).toEqual(["newer", "older"]);
  expect(asked.map((query) => [query.getAll("status"), query.get("cursor")])).toEqual([
    [["pending_upload"], null],
    [["pending_upload"], "further"],
  ]);
});
