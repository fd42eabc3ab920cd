/** For unit tests: a server of the test's own that the pages' calls reach, and the answers that they check. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Me } from "@storagex/contract/accounts/account";
import type { Video, VideoDetail } from "@storagex/contract/videos/video";
import { vi } from "vitest";

type Answer = { status?: number; body: unknown };

/** Answers every call of the page by `answer`, until `end` is called. */
export async function answerCalls(
  answer: (call: string, query: URLSearchParams) => Answer | Promise<Answer>,
): Promise<{ end(): void }> {
  const server = createServer(async (request, response) => {
    request.resume();
    const { pathname, searchParams } = new URL(request.url ?? "", "http://host");
    const { status = 200, body } = await answer(`${request.method} ${pathname}`, searchParams);
    const type = status < 400 ? "application/json" : "application/problem+json";
    response.writeHead(status, { "content-type": type }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const real = fetch;
  // A page's addresses are those of its own host.
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => real(new URL(path, base), init));
  return {
    end() {
      vi.unstubAllGlobals();
      server.closeAllConnections();
      server.close();
    },
  };
}

export const problemOf = (status: number, code: string): Answer => ({
  status,
  body: { type: `/docs#problem-${code}`, title: code, status, detail: code, code },
});

export const meOf = (id: string): Me => ({
  ...{ id, email: `${id}@example.test`, name: null, role: "user", storage: { used: 0, reserved: 0 } },
  ...{ quotaBytes: null, minutes: null, videos: 0, theme: "system", language: "system", profile: null },
  ...{ profiles: [], maxUploadBytes: 1_000_000_000 },
});

export const videoOf = (id: string): Video => ({
  ...{ id, ownerId: "bbbbbbbbbbbbbbbbbbbbbb", title: id, filename: "a.mp4", size: 10, tags: [] },
  ...{ visibility: "private", externalId: null, publicDownload: false, origin: "upload", import: null },
  ...{ status: "pending_upload", progress: 0, uploaded: 0.5, queuePosition: null, playable: false },
  ...{ poster: null, error: null, duration: null, width: null, height: null, renditions: [] },
  ...{ completedAt: null, seq: 1, revision: 0 },
  ...{ createdAt: "2026-01-01T00:00:00.000Z", updatedAt: "2026-01-01T00:00:10.000Z" },
});

export const detailOf = (id: string): VideoDetail => ({
  ...videoOf(id),
  ...{ description: "", metadata: {}, chapters: [], source: null, frameRate: null, processing: null },
  ...{ quality: null, posters: [], posterIndex: 0, posterChange: null, captions: [], views: 0, notes: [] },
  profile: { quality: "fast", av1: false },
});
