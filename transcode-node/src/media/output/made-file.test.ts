/**
 * What may replace FFmpeg's output file: only a regular file of its own is read, and the worker writes
 * nothing through a link.
 */
import { execFileSync } from "node:child_process";
import { link, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { blobOf, createBeside, openMade, readAt, streamMade } from "./made-file.ts";

let folder: string;
let path: string;
let secret: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "storagex-made-"));
  path = join(folder, "poster-0.jpg");
  secret = join(folder, "secrets.json");
  await writeFile(secret, "secret");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a file is read from anywhere to anywhere, and is the one that was opened whatever takes its name", async () => {
  await writeFile(path, "0123456789");
  await using file = await openMade(path);
  await rm(path);
  await symlink(secret, path);
  expect(await (await blobOf(file, path)).slice(3, 6).text()).toBe("345");
  expect((await readAt(file, 8, 100)).toString()).toBe("89");
  const pieces: Buffer[] = [];
  for await (const bytes of streamMade(file, 2, 4)) pieces.push(bytes);
  expect(Buffer.concat(pieces).toString()).toBe("234");
  await expect(streamMade(file, 10, 12).next()).rejects.toThrow("3 bytes early");
});

test.each([
  ["a link", () => symlink(secret, path)],
  ["a link to nothing", () => symlink("/nowhere", path)],
  ["a second name of another file", () => link(secret, path)],
  ["a folder", () => mkdir(path)],
  ["a pipe that nobody writes into", async () => execFileSync("mkfifo", [path])],
])("%s is refused", async (_, put) => {
  await put();
  await expect(openMade(path)).rejects.toMatchObject({ code: "transcoder.output_invalid" });
});

test("a file of ours is made anew or not at all", async () => {
  await using file = await createBeside(join(folder, "joined.mp4"));
  await file.write("ours");
  await symlink(secret, path);
  await expect(createBeside(path)).rejects.toMatchObject({ code: "EEXIST" });
  expect(await readFile(secret, "utf8")).toBe("secret");
});
