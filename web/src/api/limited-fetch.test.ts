import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { token } from "../answers/session.ts";
import type { ApiError } from "./api-error.ts";
import { reach, read } from "./client.ts";
import { limitedFetch } from "./limited-fetch.ts";

/** `/silent` never answers, `/half` sends half of its answer, everything else answers. */
let open = 0;
const server = createServer((request, response) => {
  open += 1;
  if (request.url === "/silent") return;
  response.writeHead(request.url === "/empty" ? 204 : 200, { "content-type": "application/json" });
  if (request.url === "/half") response.write('{"answer":');
  else response.end(request.url === "/empty" ? undefined : '{"answer":42}');
});
let base = "";
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  open = 0;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => void vi.useRealTimers());

const reached = async () => {
  while (open === 0) await new Promise((resolve) => setImmediate(resolve));
  open = 0;
};

test.each(["/silent", "/half"])(
  "a call of %s, whose answer does not come, counts as an outage after a minute",
  async (path) => {
    const call = read(token, reach(limitedFetch(`${base}${path}`))).catch((error: ApiError) => error.code);
    await reached();
    vi.advanceTimersByTime(59_000);
    expect(await Promise.race([call, new Promise((resolve) => setImmediate(resolve, "waits"))])).toBe(
      "waits",
    );
    vi.advanceTimersByTime(2_000);
    expect(await call).toBe("network.unreachable");
  },
);

test("an answer in time is passed on, also an empty one", async () => {
  const answer = await limitedFetch(`${base}/full`);
  expect(answer.headers.get("content-type")).toBe("application/json");
  expect(await answer.json()).toEqual({ answer: 42 });
  expect((await limitedFetch(`${base}/empty`)).status).toBe(204);
});
