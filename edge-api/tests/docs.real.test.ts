/** What describes the API: the program in docs/api.md works exactly as printed; document and page are whole. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PROBLEMS } from "@storagex/contract/problem";
import { WEBHOOK_EVENTS } from "@storagex/contract/webhooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inClone } from "../../stack/paths.ts";
import { PASSWORD, register } from "./support/client.ts";
import { type Edge, startEdge } from "./support/harness.ts";

let edge: Edge;
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "storagex-docs-"));
  edge = await startEdge();
});
afterAll(async () => {
  await edge?.stop();
  await rm(dir, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(edge.url + path, { headers });

test("it uploads a file of three parts, which is then queued", async () => {
  const { email, user } = await register(edge.url);
  const program = /```js\n([\s\S]+?)```/.exec(await readFile(inClone("docs", "api.md"), "utf8"))?.[1] ?? "";
  const [script, film] = [join(dir, "upload.mjs"), join(dir, "film.mp4")];
  await writeFile(script, program);
  const size = 2 * 16 * 1024 * 1024 + 7;
  await writeFile(film, Buffer.alloc(size, "film"));
  const { stdout } = await promisify(execFile)(process.execPath, [script, edge.url, email, PASSWORD, film]);
  expect(stdout).toMatch(/^[\w-]+ is queued\n$/);
  const { rows } = await edge.sql.query("SELECT title, size::int, status FROM videos WHERE owner_id = $1", [
    user.id,
  ]);
  expect(rows).toEqual([{ title: "film", size, status: expect.stringMatching(/queued|processing/) }]);
});

test("whoever has the document is not sent it again", async () => {
  const first = await get("/openapi.json");
  const etag = first.headers.get("etag") ?? "";
  expect(await first.json()).toMatchObject({ openapi: "3.1.0" });
  const again = await get("/openapi.json", { "if-none-match": etag });
  expect([again.status, await again.text()]).toEqual([304, ""]);
});

test("/openapi.json passes redocly's strict rules and holds no inner route", async () => {
  const text = await (await get("/openapi.json")).text();
  const document = JSON.parse(text);
  expect(document.openapi).toBe("3.1.0");
  expect(Object.keys(document.paths)).toContain("/v1/videos/{id}/complete");
  expect(text).not.toContain("/internal/");
  expect(Object.keys(document.webhooks)).toEqual([...WEBHOOK_EVENTS]);
  const file = join(dir, "openapi.json");
  await writeFile(file, text);
  await promisify(execFile)(
    process.execPath,
    [inClone("node_modules/@redocly/cli/bin/cli.js"), "lint", "--extends=recommended-strict", file],
    { env: { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", HOME: tmpdir() } },
  );
});

test("/docs holds every call, event, schema and problem as an anchor, and nothing inline or from elsewhere", async () => {
  const answer = await get("/docs");
  const html = await answer.text();
  const document = JSON.parse(await (await get("/openapi.json")).text());
  const all = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
  const ids = new Set(all);
  expect(all, "each once").toHaveLength(ids.size);
  const operations = Object.values<Record<string, { operationId: string }>>(document.paths)
    .flatMap((item) => Object.values(item))
    .map(({ operationId }) => operationId);
  expect(operations.length).toBeGreaterThan(40);
  const schemas = Object.keys(document.components.schemas).map((name) => `schema-${name}`);
  const problems = Object.keys(PROBLEMS).map((code) => `problem-${code}`);
  const events = WEBHOOK_EVENTS.map((type) => `event-${type}`);
  for (const id of [...operations, ...events, ...schemas, ...problems]) expect(ids, id).toContain(id);
  // No link within the page leads nowhere.
  for (const [, id] of html.matchAll(/href="#([^"]+)"/g)) expect(ids, id).toContain(id);
  expect(html).not.toMatch(/<script(?![^>]*src="\/)|<style| style=|(src|href)="https?:/);
  for (const path of ["/docs/page.js", "/docs/page.css", "/theme.js"])
    expect((await get(path)).status).toBe(200);
  const policy = answer.headers.get("content-security-policy");
  expect(policy).toContain("connect-src 'self';");
  expect(policy).toContain("style-src 'self';");
});
