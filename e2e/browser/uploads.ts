/** Uploads in the dashboard: paused, resumed after a reload, cancelled, restarted, refused. */
import { once } from "node:events";
import { readFile, truncate, utimes, writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { storedPartsSchema } from "@storagex/contract/uploads/upload";
import { sourceAnswerSchema } from "@storagex/contract/videos/playback";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { ended, register, until } from "../testing/account.ts";
import {
  card,
  chooseFiles,
  type Here,
  inspect,
  partNumberOf,
  registerHere,
  withholdPart,
} from "../testing/browser.ts";
import { writeNullPackets } from "../testing/null-packets.ts";
import { MAX_UPLOAD_BYTES } from "../testing/shared-stack.ts";

/** Tests about uploads, with the stack and the visit of `here`. */
export function uploadTests(here: Here): void {
  describe("an upload", () => {
    test("is paused, survives a reload, and sends only what is missing", async () => {
      const { page, context } = here.seen();
      await registerHere(page);
      const path = join(here.stack().folder, "long-walk.mp4");
      // Five parts; their content does not matter here.
      await writeNullPackets(path, 40 * 1024 * 1024);
      const release = await withholdPart(context, 3);
      const put: number[] = [];
      page.on("response", (answer) => {
        if (answer.request().method() === "PUT" && answer.ok()) put.push(partNumberOf(answer.url()));
      });
      await chooseFiles(page, [path]);
      const walk = card(page, "long-walk");
      await expect.poll(() => put.length).toBeGreaterThan(0);
      await walk.getByRole("button", { name: /Uploading/ }).click();
      await walk.getByRole("button", { name: /Paused/ }).waitFor();
      await inspect(page, "a paused upload", [390]);
      // What is on the way counts at once.
      await page.getByText(/· 4\d\.\d MB on the way/).waitFor();

      await page.reload();
      put.length = 0;
      release();
      await walk.getByRole("button", { name: /Unfinished [1-9]\d*%/ }).waitFor();
      await inspect(page, "an unfinished upload", [390]);
      // Another file is said to be another one, and nothing is sent.
      const other = join(here.stack().folder, "cup.txt");
      await writeFile(other, Buffer.alloc(1_000, 7));
      const asked = page.waitForEvent("filechooser");
      await walk.getByRole("button", { name: /Unfinished/ }).click();
      await (await asked).setFiles([other]);
      const dialog = page.getByRole("dialog", { name: "Another file" });
      await dialog.getByText("cup.txt").waitFor();
      await dialog.getByText("long-walk.mp4").waitFor();
      await inspect(page, "the question about another file", [390]);
      // What is refused of the answer is said, too.
      await dialog.getByRole("button", { name: "Upload as a new video" }).click();
      await page.getByText("cup.txt is not a video.").waitFor();
      await dialog.waitFor({ state: "hidden" });
      const found = page.waitForResponse(/\/upload\/parts$/);
      await chooseFiles(page, [path]);
      const { parts } = storedPartsSchema.parse(await (await found).json());
      const stored = parts.map(({ partNumber }) => partNumber);
      expect(stored.length).toBeGreaterThan(0);
      await walk
        .getByText(/Queued|Encoding|is damaged|not a video/)
        .first()
        .waitFor();
      expect([...stored, ...put].toSorted()).toEqual([1, 2, 3, 4, 5]);
    });

    test("is cancelled and leaves nothing behind", async () => {
      const { page, context } = here.seen();
      await registerHere(page);
      const path = join(here.stack().folder, "regret.mp4");
      await writeNullPackets(path, 20 * 1024 * 1024);
      const releaseFirst = await withholdPart(context, 1);
      await withholdPart(context, 2);
      await chooseFiles(page, [path]);
      await card(page, "regret")
        .getByText(/Uploading/)
        .first()
        .waitFor();
      // The response with the video waits until the upload has progressed, in the middle of the navigation.
      let held = 0;
      await page.route(/\/v1\/videos\/[\w-]{22}$/, async (route) => {
        held += 1;
        if (held === 1) {
          const progressed = page.waitForResponse((answer) => partNumberOf(answer.url()) === 1);
          releaseFirst();
          await progressed;
        }
        await route.continue();
      });
      await card(page, "regret").getByRole("heading").getByRole("link").click();
      await page.getByRole("heading", { level: 1, name: "regret" }).waitFor();
      expect(held).toBeGreaterThan(0);
      const tray = page.getByRole("complementary", { name: "Uploads" });
      await tray.getByRole("button", { name: /^1 upload · [1-9]\d*%/ }).waitFor();
      await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Library" }).click();
      // The bytes that are there are not thrown away by one press.
      const cancel = card(page, "regret").getByRole("button", { name: "Cancel the upload of regret.mp4" });
      await cancel.click();
      await page.getByRole("dialog").getByText("regret.mp4").waitFor();
      await inspect(page, "the question before an upload is cancelled", [390]);
      await page.getByRole("button", { name: "Keep uploading" }).click();
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      await cancel.click();
      await page.getByRole("button", { name: "Cancel the upload", exact: true }).click();
      await page.getByText("Nothing here yet.").waitFor();
      await page.reload();
      await page.getByText("Nothing here yet.").waitFor();
    });

    test("goes on in two tabs, and ends in both; a file that changes meanwhile is not mixed up", async () => {
      const { page, context } = here.seen();
      await registerHere(page);
      const release = await withholdPart(context, 2);
      const path = join(here.stack().folder, "two-tabs.mp4");
      await writeNullPackets(path, 20 * 1024 * 1024);
      await chooseFiles(page, [path]);
      await card(page, "two-tabs")
        .getByRole("button", { name: /Uploading [1-9]/ })
        .waitFor();
      const second = await context.newPage();
      await second.goto("/");
      await card(second, "two-tabs")
        .getByRole("button", { name: /Unfinished [1-9]/ })
        .waitFor();
      await chooseFiles(second, [path]);
      await card(second, "two-tabs")
        .getByRole("button", { name: /Uploading [1-9]/ })
        .waitFor();
      const changing = join(here.stack().folder, "changing.mp4");
      await writeNullPackets(changing, 20 * 1024 * 1024);
      // To the second: a browser and Node.js round what is finer in different ways.
      const written = new Date("2026-01-01T00:00:00Z");
      await utimes(changing, written, written);
      await chooseFiles(second, [changing]);
      await card(second, "changing").waitFor();
      await writeNullPackets(changing, 20 * 1024 * 1024 - 188);
      release();
      for (const tab of [page, second])
        await card(tab, "two-tabs")
          .getByText(/Queued|Encoding|not a video|Failed/)
          .first()
          .waitFor();
      const tray = second.getByRole("complementary", { name: "Uploads" });
      await tray.getByText("The file has changed or moved since you chose it.").waitFor();
      // Where it is as before again, it goes on when it is chosen again.
      await writeNullPackets(changing, 20 * 1024 * 1024);
      await utimes(changing, written, written);
      const asked = second.waitForEvent("filechooser");
      await tray.getByRole("button", { name: /Choose the file/ }).click();
      await (await asked).setFiles([changing]);
      await card(second, "changing")
        .getByText(/Queued|Encoding|not a video|Failed|is damaged/)
        .first()
        .waitFor();
      await second.close();
    });

    test("whose ticket is gone begins anew when it is tried again", async () => {
      const { page, context } = here.seen();
      await registerHere(page);
      const path = join(here.stack().folder, "late.mp4");
      await writeNullPackets(path, 20 * 1024 * 1024);
      const release = await withholdPart(context, 2);
      await chooseFiles(page, [path]);
      const late = card(page, "late");
      await late.getByRole("button", { name: /Uploading/ }).click();
      await late.getByRole("button", { name: /Paused/ }).waitFor();
      await context.route(
        /\/upload\/(parts|stored)$/,
        (route) =>
          route.fulfill({
            status: 404,
            contentType: "application/problem+json",
            body: JSON.stringify({
              type: "/docs#problem-video.not_found",
              title: "No such video",
              status: 404,
              detail: "It does not exist or is not yours.",
              code: "video.not_found",
            }),
          }),
        { times: 1 },
      );
      release();
      await late.getByRole("button", { name: /Paused/ }).click();
      const tray = page.getByRole("complementary", { name: "Uploads" });
      await tray.getByText("No such video.").waitFor();
      await tray.getByRole("button", { name: /Retry/ }).click();
      await late
        .getByText(/Queued|Encoding|is damaged|not a video/)
        .first()
        .waitFor();
    });

    test("by a client that knows nothing of early starts, Uppy, arrives byte for byte", async () => {
      const { page } = here.seen();
      const ann = await register(() => here.stack().url);
      const path = join(here.stack().folder, "foreign.mp4");
      await writeNullPackets(path, 17 * 1024 * 1024);
      await page.goto("/login");
      const { outputFiles } = await build({
        ...{ entryPoints: ["e2e/testing/uppy-client.ts"], bundle: true, format: "iife", write: false },
      });
      await page.evaluate(outputFiles[0]?.text ?? "");
      await page.evaluate(() =>
        document.body.append(Object.assign(document.createElement("input"), { type: "file", id: "foreign" })),
      );
      await page.locator("#foreign").setInputFiles(path);
      const id = await page.evaluate(
        (token): Promise<string> =>
          Reflect.get(window, "uploadWithUppy")(
            token,
            document.querySelector<HTMLInputElement>("#foreign")?.files?.[0],
          ),
        ann.token(),
      );
      expect((await until(ann, id, ended)).error?.code).toBe("source.damaged");
      const source = () => ann.call("GET", `/v1/videos/${id}/source`);
      await expect.poll(async () => (await source()).status).toBe(200);
      const { url } = sourceAnswerSchema.parse(await (await source()).json());
      expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(await readFile(path))).toBe(true);
    });

    test("says on a page from before an update that the page is to be loaded again", async () => {
      const { page } = here.seen();
      await registerHere(page);
      // Its pieces had other names in the build before.
      await page.route(/\/engine-[\w-]+\.js$/, (route) => route.fulfill({ status: 404 }));
      const path = join(here.stack().folder, "outlasted.mp4");
      await writeNullPackets(path, 1024 * 1024);
      await chooseFiles(page, [path]);
      const tray = page.getByRole("complementary", { name: "Uploads" });
      await tray.getByText("Something went wrong on this page. Reload it").waitFor();
      await tray.getByRole("button", { name: /Upload stopped/ }).waitFor();
      await inspect(page, "an upload of a page from before an update", [390]);
    });

    test("waits minutes for a storage that has every byte of a part, and not for ever", async () => {
      const { page } = here.seen();
      const taken: ServerResponse[] = [];
      const storage = createServer(async (request, response) => {
        for await (const _ of request);
        if (request.method === "PUT") taken.push(response);
        else response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html>");
      });
      storage.listen(0, "127.0.0.1");
      await once(storage, "listening");
      await page.goto(`http://127.0.0.1:${(storage.address() as AddressInfo).port}/`);
      await page.clock.install();
      const { outputFiles } = await build({
        ...{ entryPoints: ["web/src/upload/send/put-part.ts"], bundle: true, write: false },
        ...{ format: "iife", globalName: "sending" },
      });
      await page.evaluate(`${outputFiles[0]?.text}; window.putPart = sending.putPart`);
      const put = (path: string) =>
        page.evaluate((url): Promise<string> => {
          const onProgress = (sent: number) => Reflect.set(window, "sent", `${url} ${sent}`);
          return Reflect.get(
            window,
            "putPart",
          )({ url, body: new Blob(["film"]), onProgress }).then(
            () => "stored",
            (error: Error) => error.name,
          );
        }, path);
      for (const [wait, end] of [
        [200_000, "stored"],
        [260_000, "UnansweredError"],
      ] as const) {
        const result = put(`/${wait}`);
        await expect.poll(() => taken.length).toBe(1);
        // The page has heard that its last byte is sent.
        await expect.poll(() => page.evaluate(() => Reflect.get(window, "sent"))).toBe(`/${wait} 4`);
        await page.clock.fastForward(wait);
        taken.pop()?.writeHead(200).end();
        expect(await result).toBe(end);
      }
      storage.close();
    });

    test("is one also of a file that is chosen after the browser has collected its garbage", async () => {
      const { page } = here.seen();
      await page.addInitScript(() => {
        const create = document.createElement.bind(document);
        document.createElement = (name: string) => {
          const made = create(name);
          if (name === "input") Object.assign(window, { made: new WeakRef(made) });
          return made;
        };
      });
      await registerHere(page);
      const opened = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: "Choose files" }).click();
      // Only the page holds the dialog's element then, as with a person's dialog.
      await (await opened).element().dispose();
      await page.requestGC();
      const kept = await page.evaluateHandle(() => (Reflect.get(window, "made") as WeakRef<Element>).deref());
      expect(await kept.evaluate((input) => input?.tagName)).toBe("INPUT");
      const path = join(here.stack().folder, "late.txt");
      await writeFile(path, "milk, eggs");
      await kept.asElement()?.setInputFiles(path);
      await page.getByText("late.txt is not a video.").waitFor();
    });

    test("of more than is allowed is refused at once", async () => {
      const { page } = here.seen();
      await registerHere(page);
      const mb = MAX_UPLOAD_BYTES / 1_000_000;
      await page.getByText(`up to ${mb} MB, straight to storage`).waitFor();
      const path = join(here.stack().folder, "film.mp4");
      await writeFile(path, "");
      await truncate(path, MAX_UPLOAD_BYTES + 10_000_000);
      const asked: string[] = [];
      page.on("request", (request) => request.method() === "POST" && asked.push(request.url()));
      await chooseFiles(page, [path]);
      await page.getByText(`film.mp4 is too large (${mb + 10} MB). The limit is ${mb} MB.`).waitFor();
      expect(asked).toEqual([]);
    });

    test("of something that is no video is refused with a sentence", async () => {
      const { page } = here.seen();
      await registerHere(page);
      const path = join(here.stack().folder, "notes.txt");
      await writeFile(path, "milk, eggs");
      await chooseFiles(page, [path]);
      await page.getByText("notes.txt is not a video.").waitFor();
      await inspect(page, "a refusal");
    });
  });
}
