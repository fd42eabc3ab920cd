/** `npx storagex` as a person and a script have it: packed, installed into an empty project, and run. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { apiKeyListSchema } from "@storagex/contract/accounts/api-keys";
import { uploadLinkSchema } from "@storagex/contract/uploads/upload-links";
import { Webhook } from "standardwebhooks";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { expectJson, PASSWORD, type Person, register } from "../testing/account.ts";
import { clip, text } from "../testing/clips.ts";
import { lineTo } from "../testing/line.ts";
import type { Project } from "../testing/packed.ts";
import { rowsOf } from "../testing/rows.ts";
import type { Stack } from "../testing/running-stack.ts";
import { COMMAND, type Command, commandIn } from "./command.ts";

/** Tests of the command that is installed in the project of `here`. */
export function cliTests(here: Project): void {
  describe("storagex", () => {
    let stack: Stack;
    let person: Person;
    let project: string;
    let environment: NodeJS.ProcessEnv;
    let node: string;
    let command: Command;

    beforeAll(async () => {
      [stack, project] = [here.stack(), here.folder()];
      person = await register(() => stack.url);
      environment = { ...process.env, XDG_CONFIG_HOME: join(project, "config") };
      command = await commandIn(project, environment);
      node = command.node;
    });
    const storagex: Command["run"] = (args, input) => command.run(args, input);
    const json: Command["json"] = (args) => command.json(args);
    const lines: Command["jsonLines"] = (args) => command.jsonLines(args);

    const videoSchema = z.object({
      id: z.string(),
      status: z.string(),
      tags: z.array(z.string()),
      title: z.string(),
    });

    test("who has not signed in is told how to; the password makes a key, and no session stays", async () => {
      const without = await storagex(["list"]);
      expect(without).toMatchObject({ code: 3, out: "" });
      expect(without.err).toContain("storagex login");
      expect(
        await storagex(["login", stack.url, "--email", person.email], "a wrong password\n"),
      ).toMatchObject({
        code: 3,
      });
      // Whoever writes the password keeps the input open: `login` ends without it.
      const args = [COMMAND, "login", stack.url, "--email", person.email];
      const login = spawn(node, args, { cwd: project, env: environment });
      login.stdin.write(`${PASSWORD}\n`);
      let out = "";
      login.stdout.setEncoding("utf8").on("data", (piece: string) => {
        out += piece;
      });
      expect(await once(login, "close")).toEqual([0, null]);
      expect(out).toContain(person.email);
      const file = join(project, "config/storagex/login.json");
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const { items } = apiKeyListSchema.parse(await expectJson(await person.call("GET", "/v1/keys"), 200));
      expect(items).toHaveLength(1);
      expect(items[0]?.scopes).not.toContain("admin");
      const sessions = await expectJson(await person.call("GET", "/v1/me/sessions"), 200);
      expect(sessions).toMatchObject({ items: [{ current: true }] });
      expect(z.object({ items: z.array(z.unknown()) }).parse(sessions).items).toHaveLength(1);
    });

    test("files are uploaded, watched, listed, shown, shared and deleted", async () => {
      const films = [join(project, "lake.mp4"), join(project, "hill.mp4")];
      for (const film of films) await writeFile(film, await readFile(await clip(3, "320x180")));
      const { code, out, err } = await storagex([
        "upload",
        ...films,
        "--watch",
        "--tag",
        "trip",
        "--tag",
        "2026",
        "--json",
      ]);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      const made = out
        .trim()
        .split("\n")
        .map((line) => videoSchema.parse(JSON.parse(line)));
      expect(made).toMatchObject([
        { title: "lake", status: "completed", tags: ["trip", "2026"] },
        { title: "hill", status: "completed" },
      ]);
      const [lake, hill] = made.map(({ id }) => id) as [string, string];

      expect(await lines(["list", "lake", "--tag", "trip"])).toMatchObject([{ id: lake }]);
      const table = (await storagex(["list", "--status", "completed"])).out.split("\n");
      expect(table[0]).toMatch(/^ID +STATUS +LENGTH +SIZE +TITLE$/);
      expect(table[1]).toMatch(new RegExp(`^${hill} +completed +0:03 +[\\d.]+ kB +hill$`));
      expect((await storagex(["get", lake])).out).toMatch(/renditions +180p/);
      expect(await json(["get", lake])).toMatchObject({ id: lake, tags: ["trip", "2026"] });
      expect(await json(["open", lake])).toEqual({ page: `${stack.url}/videos/${lake}` });

      const link = (await storagex(["share", lake, "--label", "family", "--expires", "7d"])).out.trim();
      expect((await fetch(link)).status).toBe(200);
      expect(await json(["share", lake, "--download", "--password", "open sesame"])).toMatchObject({
        ...{ hasPassword: true, allowDownload: true },
      });

      // Nobody is there to be asked.
      expect(await storagex(["delete", lake])).toMatchObject({ code: 2 });
      expect(await storagex(["delete", lake, "--yes"])).toMatchObject({ code: 0, out: `${lake} deleted\n` });
      expect(await storagex(["get", lake])).toMatchObject({ code: 4 });
      expect((await fetch(link)).status).toBe(404);
    });

    test("by an upload link nobody need sign in", async () => {
      const made = await person.call("POST", "/v1/upload-links", { maxUploads: 2 });
      const { url } = uploadLinkSchema.parse(await expectJson(made, 201));
      const guest = await commandIn(project, { ...environment, XDG_CONFIG_HOME: join(project, "guest") });
      const film = join(project, "guest.mp4");
      await writeFile(film, await readFile(await clip(3, "320x180")));
      const { code, out, err } = await guest.run([
        "upload",
        film,
        "--link",
        url,
        "--title",
        "A lake",
        "--watch",
      ]);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toMatch(/^[\w-]{22} {2}completed\n$/);
      const id = out.split(" ")[0];
      expect(await json(["get", id ?? ""])).toMatchObject({ title: "A lake", origin: "link" });

      const refused = await guest.run(["upload", await text(), "--link", url, "--watch"]);
      expect(refused.code).toBe(6);
      const usedUp = await guest.run(["upload", film, "--link", url, "--title", "Another"]);
      expect(usedUp).toMatchObject({ code: 3, err: expect.stringContaining("upload_link.used_up") });
      expect(await guest.run(["upload", film, "--link", url, "--tag", "x"])).toMatchObject({ code: 2 });
      expect(await guest.run(["upload", film, "--link", stack.url])).toMatchObject({ code: 2 });
    });

    test("each end has its exit code", async () => {
      const refused = await storagex(["upload", await text(), "--watch"]);
      expect(refused.code).toBe(6);
      expect(refused.err).toMatch(/^error: letter.mp4: \w+/);
      expect(await storagex(["upload", "nowhere.mp4"])).toMatchObject({ code: 1 });
      await writeFile(join(project, "empty.mp4"), "");
      const empty = await storagex(["upload", "empty.mp4"]);
      expect(empty.code).toBe(1);
      expect(empty.err).toContain("an empty file holds no video");
      expect(await storagex(["get", "-aaaaaaaaaaaaaaaaaaaaa", "--json"])).toMatchObject({ code: 4 });
      expect(await storagex(["fetch"])).toMatchObject({ code: 2 });
      expect(await storagex(["share", "x", "--expires", "soon"])).toMatchObject({ code: 2 });
      expect(await storagex(["upload", "a.mp4", "b.mp4", "--title", "both"])).toMatchObject({ code: 2 });
      expect(await storagex(["--help"])).toMatchObject({ code: 0 });
      // The key may not administer.
      expect(await storagex(["queue"])).toMatchObject({ code: 3 });
      expect(await storagex(["workers"])).toMatchObject({ code: 3 });
      environment.STORAGEX_URL = "http://127.0.0.1:1";
      environment.STORAGEX_API_KEY = "sxk_none";
      expect(await storagex(["list"])).toMatchObject({ code: 5 });
      environment.STORAGEX_URL = stack.url;
      expect(await storagex(["list"])).toMatchObject({ code: 3 });
      delete environment.STORAGEX_URL;
      delete environment.STORAGEX_API_KEY;
    });

    test("doctor sends a video through everything, and says what it found", async () => {
      const results = z.array(z.object({ name: z.string(), ok: z.boolean(), found: z.string() }));
      const found = results.parse(await lines(["doctor", "--deep"]));
      expect(found.filter(({ ok }) => !ok)).toEqual([]);
      expect(found.map(({ name }) => name)).toEqual([
        "address",
        "services",
        "clock",
        "key",
        "workers",
        "video",
      ]);
      expect(found[2]?.found).toMatch(/^\d s from the server's$/);
      expect(found.at(-1)?.found).toMatch(/^uploaded, encoded and played in/);
      expect(await lines(["list", "storagex doctor"])).toEqual([]);
    });

    test("a command whose output nobody reads any more ends, and complains to nobody", async () => {
      const args = [COMMAND, "webhooks", "listen", "--forward", "http://127.0.0.1:1", "--json"];
      const listener = spawn(node, args, { cwd: project, env: environment });
      let err = "";
      listener.stderr.setEncoding("utf8").on("data", (piece: string) => {
        err += piece;
      });
      const ended = once(listener, "close");
      await once(listener.stdout, "data");
      listener.stdout.destroy();
      // An event, which it prints.
      const [film] = z.array(videoSchema).parse(await lines(["list", "hill"]));
      await person.call("PATCH", `/v1/videos/${film?.id}`, { title: "hill, again" });
      expect(await ended).toEqual([141, null]);
      expect(err).toBe("");
    });

    test("live events are forwarded as signed webhooks, what happened while the line was cut too", async () => {
      const received: { type: string; data: { id: string } }[] = [];
      let secret = "";
      const program = createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk);
        const { headers } = request;
        const event = new Webhook(secret).verify(Buffer.concat(chunks).toString(), {
          "webhook-id": String(headers["webhook-id"]),
          "webhook-timestamp": String(headers["webhook-timestamp"]),
          "webhook-signature": String(headers["webhook-signature"]),
        });
        received.push(event as (typeof received)[number]);
        response.writeHead(204).end();
      });
      await new Promise<void>((resolve) => program.listen(0, "127.0.0.1", resolve));
      const forward = `http://127.0.0.1:${(program.address() as AddressInfo).port}/`;
      const line = await lineTo(stack.url);
      const login = await readFile(join(project, "config/storagex/login.json"), "utf8");
      const { apiKey } = z.object({ apiKey: z.string() }).parse(JSON.parse(login));
      const listener = spawn(node, [COMMAND, "webhooks", "listen", "--forward", forward, "--json"], {
        cwd: project,
        env: { ...environment, STORAGEX_URL: line.url, STORAGEX_API_KEY: apiKey },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = once(listener, "close");
      const printed: string[] = [];
      createInterface(listener.stdout).on("line", (text) => printed.push(text));
      try {
        await expect.poll(() => printed[0]).toBeDefined();
        secret = z.object({ secret: z.string() }).parse(JSON.parse(printed[0] ?? "")).secret;
        // No event has come yet: the server has none to repeat.
        line.cut();
        const [hill] = z.array(videoSchema).parse(await lines(["list", "hill"]));
        await person.call("PATCH", `/v1/videos/${hill?.id}`, { title: "hill, once more" });
        line.mend();
        await expect
          .poll(() => received.splice(0))
          .toMatchObject([{ type: "video.updated", data: { id: hill?.id, title: "hill, once more" } }]);
        const film = join(project, "lake.mp4");
        const { id } = videoSchema.parse(await json(["upload", film, "--watch", "--external-id", "lake-2"]));
        await expect.poll(() => received.map(({ type }) => type)).toContain("video.completed");
        await json(["delete", id, "--yes"]);
        await expect.poll(() => received.at(-1)?.type).toBe("video.deleted");
        expect(received.map(({ type }) => type)).toEqual([
          ...["video.created", "video.uploaded", "video.playable", "video.completed", "video.deleted"],
        ]);
        expect(received.every(({ data }) => data.id === id)).toBe(true);
        expect(received.at(-1)?.data).toEqual({ id, externalId: "lake-2", metadata: {} });
        listener.kill("SIGINT");
        expect(await ended).toEqual([0, null]);
      } finally {
        listener.kill("SIGKILL");
        line.stop();
        program.close();
      }
    });

    test("an administrator sees queue and workers", async () => {
      await rowsOf(stack, "UPDATE users SET role = 'admin' WHERE email = $1", [person.email]);
      const { code } = await storagex(
        ["login", stack.url, "--email", person.email, "--admin"],
        `${PASSWORD}\n`,
      );
      expect(code).toBe(0);
      expect(await json(["queue"])).toMatchObject({ videos: { queued: expect.any(Number) } });
      expect((await storagex(["queue"])).out).toMatch(/^TASK +WAITING +QUEUED +RUNNING$/m);
      const workers = z
        .array(z.object({ name: z.string(), state: z.string() }))
        .parse(await lines(["workers"]));
      expect(workers.filter(({ state }) => state === "live")).not.toEqual([]);
      expect((await storagex(["workers"])).out).toMatch(/^NAME +STATE +ENCODER +BUSY +RUNS$/m);
    });

    test("`upload` that is interrupted says how it goes on, and goes on", async () => {
      const film = join(project, "long.mp4");
      await writeFile(film, Buffer.concat([await readFile(await clip(3, "320x180")), box(33 * 1024 * 1024)]));
      const preload = join(project, "slow.mjs");
      // A line on which no part after the first two gets through.
      await writeFile(
        preload,
        `const real = fetch; let puts = 0;
     globalThis.fetch = (url, init) => init?.method === "PUT" && ++puts > 2
       ? new Promise((_, no) => { console.error("stuck"); init.signal.addEventListener("abort", () => no(init.signal.reason)); })
       : real(url, init);`,
      );
      const upload = spawn(node, ["--import", preload, COMMAND, "upload", film], {
        cwd: project,
        env: environment,
      });
      let err = "";
      upload.stderr.setEncoding("utf8").on("data", (piece: string) => {
        err += piece;
      });
      const ended = once(upload, "close");
      await expect.poll(() => err).toContain("stuck");
      upload.kill("SIGINT");
      expect(await ended).toEqual([130, null]);
      expect(err).toContain("the same command resumes it");
      const before = z.array(videoSchema).parse(await lines(["list", "long", "--status", "pending_upload"]));
      expect(before).toHaveLength(1);
      expect(await json(["upload", film])).toMatchObject({ id: before[0]?.id });
    });
  });
}

/** An empty box of MP4. */
function box(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt32BE(size);
  bytes.write("free", 4);
  return bytes;
}
