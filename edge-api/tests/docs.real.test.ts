/** What describes the API: the program in docs/api.md works exactly as printed, the document is sent once. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
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
  const first = await fetch(`${edge.url}/openapi.json`);
  const etag = first.headers.get("etag") ?? "";
  expect(await first.json()).toMatchObject({ openapi: "3.1.0" });
  const again = await fetch(`${edge.url}/openapi.json`, { headers: { "if-none-match": etag } });
  expect([again.status, await again.text()]).toEqual([304, ""]);
});
