/**
 * `@storagex/client` as an integrator has it: packed, installed into an empty project, and run on Node and in a
 * browser against the running product.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, readFile, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { madeApiKeySchema } from "@storagex/contract/accounts/api-keys";
import type { Scope } from "@storagex/contract/accounts/scopes";
import { storedPartsSchema } from "@storagex/contract/uploads/upload";
import { uploadLinkSchema } from "@storagex/contract/uploads/upload-links";
import { sourceAnswerSchema } from "@storagex/contract/videos/playback";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { ended, expectJson, type Person, read, register, until } from "../testing/account.ts";
import { launch, partNumberOf, visit, withholdPart } from "../testing/browser.ts";
import { clip } from "../testing/clips.ts";
import { nodes, type Project } from "../testing/packed.ts";
import type { Stack } from "../testing/running-stack.ts";

const run = promisify(execFile);
const NODES = await nodes();
const PROGRAMS = resolve(import.meta.dirname, "programs");

/** Tests of the client that is installed in the project of `here`. */
export function clientTests(here: Project): void {
  describe("@storagex/client", () => {
    let stack: Stack;
    let person: Person;
    let project: string;
    /** Three seconds with a long empty box behind them: five parts, and little to encode. */
    let film: string;

    beforeAll(async () => {
      [stack, project] = [here.stack(), here.folder()];
      person = await register(() => stack.url);
      for (const name of ["upload.js", "webhook.js", "types.ts"])
        await copyFile(join(PROGRAMS, name), join(project, name));
      const empty = Buffer.alloc(33 * 1024 * 1024);
      empty.writeUInt32BE(empty.length);
      empty.write("free", 4);
      film = join(project, "film.mp4");
      await writeFile(film, Buffer.concat([await readFile(await clip(3, "320x180")), empty]));
    });
    async function keyWith(...scopes: Scope[]): Promise<string> {
      const answer = await person.call("POST", "/v1/keys", { name: "program", scopes });
      return madeApiKeySchema.parse(await expectJson(answer, 201)).secret;
    }

    const lineSchema = z.union([
      z.object({ put: z.number() }),
      z.object({ begins: z.number(), videoId: z.string(), token: z.string().optional() }),
      z.object({ id: z.string(), status: z.string() }),
    ]);

    /** Runs `upload.js`; `lines` grow while it runs. */
    function uploading(node: string, args: string[]) {
      const child = spawn(node, ["upload.js", ...args], { cwd: project, stdio: "pipe" });
      let complaints = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        complaints += text;
      });
      const lines: z.infer<typeof lineSchema>[] = [];
      createInterface(child.stdout).on("line", (line) => lines.push(lineSchema.parse(JSON.parse(line))));
      return {
        lines,
        kill: () => child.kill("SIGKILL"),
        /** Lets the part go on that stands still. */
        release: () => child.stdin.write("go on\n"),
        ended: once(child, "close").then(([code]) => ({ code, complaints })),
        puts: () => lines.flatMap((line) => ("put" in line ? [line.put] : [])),
        begin: () => lines.flatMap((line) => ("begins" in line ? [line] : []))[0],
      };
    }

    const PARTS = 5;
    const STUCK = 3;

    test.for(NODES)("an upload killed with SIGKILL is resumed, on Node $version", async ({ path: node }) => {
      const args = [stack.url, await keyWith("videos:write"), film];
      const first = uploading(node, [...args, String(STUCK)]);
      await expect.poll(() => first.begin()).toBeDefined();
      const id = first.begin()?.videoId ?? "";
      // It is encoded while it uploads: it can be watched, and a part has not come.
      await expect.poll(async () => (await read(person, id)).playable).toBe(true);
      first.kill();
      await first.ended;
      expect(first.puts()).toContain(STUCK);
      const answer = await person.call("GET", `/v1/videos/${id}/upload/parts`);
      const { parts } = storedPartsSchema.parse(await expectJson(answer, 200));
      const stored = new Set(parts.map(({ partNumber }) => partNumber));
      const missing = Array.from({ length: PARTS }, (_, at) => at + 1).filter(
        (number) => !stored.has(number),
      );
      expect(stored).toContain(1);
      expect(missing).toContain(STUCK);

      const second = uploading(node, args);
      expect(await second.ended).toEqual({ code: 0, complaints: "" });
      expect(second.begin()).toEqual({ begins: parts.reduce((sum, { size }) => sum + size, 0), videoId: id });
      expect(second.puts().sort()).toEqual(missing);
      expect(second.lines.at(-1)).toMatchObject({ id });
      const video = await until(person, id, ended);
      expect(video).toMatchObject({ status: "completed", title: "By a program", tags: ["nightly"] });
      const at = `/v1/videos/${id}/source`;
      await expect.poll(async () => (await person.call("GET", at)).status).toBe(200);
      const { url } = sourceAnswerSchema.parse(await expectJson(await person.call("GET", at), 200));
      expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(await readFile(film))).toBe(true);
    });

    test("by an upload link it needs no account, and resumes what it began", async () => {
      const made = await person.call("POST", "/v1/upload-links", { tags: ["orders"] });
      const { url } = uploadLinkSchema.parse(await expectJson(made, 201));
      const first = uploading(process.execPath, [url, "", film, String(STUCK)]);
      // The ends are stored, which another run needs not send again.
      await expect.poll(() => first.puts()).toContain(STUCK);
      first.kill();
      await first.ended;
      const { videoId: id = "", token = "" } = first.begin() ?? {};

      const second = uploading(process.execPath, [url, "", film]);
      expect(await second.ended).toEqual({ code: 0, complaints: "" });
      expect(second.begin()).toMatchObject({ videoId: id, token });
      expect(second.puts()).not.toContain(1);
      const mine = await until(person, id, ended);
      expect(mine).toMatchObject({ status: "completed", origin: "link", tags: ["orders"] });
      // Its uploader watches it by the token that was reported, and learns nothing of the owner.
      const headers = { authorization: `Bearer ${token}` };
      const seen = await fetch(`${stack.url}/v1/videos/${id}`, { headers });
      const shown = z.record(z.string(), z.unknown()).parse(await expectJson(seen, 200));
      expect(shown).toMatchObject({ status: "completed", title: "By a program" });
      expect(shown).not.toHaveProperty("ownerId");
      // The link was good for one.
      const third = uploading(process.execPath, [url, "", await clip(3, "320x180")]);
      const { code, complaints } = await third.ended;
      expect(code).toBe(1);
      expect(complaints).toContain("upload_link.used_up");
    });

    test.for(NODES)(
      "time limits outlast collections of garbage, on Node $version",
      async ({ path: node }) => {
        for (const module of ["@storagex/client/dist/upload/within.js", "storagex/dist/within.js"]) {
          const args = [
            "--expose-gc",
            join(PROGRAMS, "time-limit.js"),
            join(project, "node_modules", module),
          ];
          expect({ module, end: (await run(node, args)).stdout }).toEqual({ module, end: "TimeoutError" });
        }
      },
    );

    test("a program uploads, and is told by a verified webhook when its video is completed", async () => {
      const key = await keyWith("videos:write", "playback:read", "webhooks:write");
      const { stdout } = await run(
        process.execPath,
        ["webhook.js", stack.url, key, await clip(3, "320x180")],
        {
          cwd: project,
        },
      );
      const said = JSON.parse(stdout);
      expect(said).toMatchObject({ told: said.id, status: "completed", externalId: "film-1" });
      expect(said).toMatchObject({ forged: "WebhookVerificationError", again: "video.external_id_taken" });
      expect((await fetch(said.mp4)).status).toBe(200);
    });

    test("a file that is no video is refused while it is sent, with its reason", async () => {
      await writeFile(join(project, "letter.mp4"), "Dear reader, this is no video at all.\n".repeat(600_000));
      const upload = uploading(process.execPath, [
        ...[stack.url, await keyWith("videos:write"), "letter.mp4", "2"],
      ]);
      await expect.poll(() => upload.begin()).toBeDefined();
      const refused = await until(person, upload.begin()?.videoId ?? "", ended);
      upload.release();
      const { code, complaints } = await upload.ended;
      expect(code).toBe(1);
      expect(complaints).toContain(`UploadRefusedError: ${refused.error?.message}`);
    });

    test("a strict compiler takes its types", async () => {
      const options = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "types.ts"];
      const tsc = resolve("node_modules/typescript/bin/tsc");
      const { stdout } = await run(process.execPath, [tsc, ...options], { cwd: project });
      expect(stdout).toBe("");
    });

    /** The packed client as a page's script, under the name `storagex`. */
    async function pageScript(): Promise<string> {
      const contents = 'import * as storagex from "@storagex/client"; globalThis.storagex = storagex;';
      const { outputFiles } = await build({
        ...{ stdin: { contents, resolveDir: project }, bundle: true, format: "iife", platform: "browser" },
        write: false,
      });
      return outputFiles[0]?.text ?? "";
    }

    test("a page uploads a chosen file, and after a reload only what is missing", async () => {
      const [key, script, browser] = await Promise.all([
        keyWith("videos:read", "videos:write"),
        pageScript(),
        launch(),
      ]);
      const { page, context, complaints } = await visit(browser, stack.url);
      const puts: number[] = [];
      page.on("request", (request) => request.method() === "PUT" && puts.push(partNumberOf(request.url())));

      async function choose(): Promise<void> {
        await page.goto("/login");
        await page.evaluate(script);
        await page.evaluate(() =>
          document.body.append(Object.assign(document.createElement("input"), { type: "file", id: "film" })),
        );
        await page.locator("#film").setInputFiles(film);
        await page.evaluate((apiKey) => {
          const { createClient, uploadFile } = Reflect.get(window, "storagex");
          const client = createClient({ baseUrl: location.origin, apiKey });
          const file = document.querySelector<HTMLInputElement>("#film")?.files?.[0];
          const onProgress = ({ sent }: { sent: number }) => Reflect.set(window, "sent", sent);
          Reflect.set(window, "uploaded", uploadFile(client, file, { title: "By a page", onProgress }));
        }, key);
      }

      try {
        const release = await withholdPart(context, 2);
        await choose();
        // All others are stored: the last of them is followed by none.
        const others = (await stat(film)).size - 8 * 1024 * 1024;
        await page.waitForFunction((bytes) => Reflect.get(window, "sent") >= bytes, others);
        await page.goto("about:blank");
        await release();
        puts.length = 0;
        await choose();
        const video = await page.evaluate(() => Reflect.get(window, "uploaded"));
        expect(puts).toContain(2);
        expect(puts.length).toBeLessThan(PARTS);
        expect(puts).not.toContain(1);
        expect(await until(person, video.id, ended)).toMatchObject({
          status: "completed",
          filename: "film.mp4",
        });
        const mine = await person.call("GET", "/v1/videos?q=By+a+page");
        expect(await expectJson(mine, 200)).toMatchObject({ items: [{ id: video.id }], nextCursor: null });
        expect(complaints).toEqual([]);
      } finally {
        await browser.close();
      }
    });
  });
}
