/** The examples of the documents, run as they stand: only addresses and accounts are replaced. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { madeApiKeySchema } from "@storagex/contract/accounts/api-keys";
import { Webhook } from "standardwebhooks";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startFileServer } from "../../testing/services/file-server.ts";
import { ended, expectJson, PASSWORD, type Person, register, until } from "../testing/account.ts";
import { clip } from "../testing/clips.ts";
import { connections } from "../testing/losses.ts";
import { nodes, type Project } from "../testing/packed.ts";
import { EXAMPLES, example, takenExamples } from "./documents.ts";

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, "../..");
const NODES = await nodes();
const EXAMPLE_PASSWORD = "correct horse battery";

const pageSchema = z.object({
  items: z.array(z.object({ id: z.string(), title: z.string(), status: z.string() })),
});

/** Tests of the examples, in the project of `here`. */
export function exampleTests(here: Project): void {
  describe("an example of the documents", () => {
    let person: Person;
    let key: string;
    let folder: string;

    beforeAll(async () => {
      person = await register(() => here.stack().url);
      const scopes = ["videos:read", "videos:write", "playback:read"];
      const made = await person.call("POST", "/v1/keys", { name: "examples", scopes });
      key = madeApiKeySchema.parse(await expectJson(made, 201)).secret;
      folder = join(here.folder(), "examples");
      await mkdir(folder);
      await copyFile(await clip(3, "320x180"), join(folder, "film.mp4"));
    });

    /** Runs a script of the project's folder `examples` on the oldest Node there is. */
    async function script(code: string, environment: NodeJS.ProcessEnv = {}, args: string[] = []) {
      const path = join(folder, `${randomUUID()}.mjs`);
      await writeFile(path, code);
      const options = { cwd: folder, env: { ...process.env, ...environment } };
      return (await run(NODES.at(-1)?.path ?? process.execPath, [path, ...args], options)).stdout;
    }

    /** Runs commands of a shell; what they print. curl's progress is none of it. */
    async function shell(code: string, environment: NodeJS.ProcessEnv = {}): Promise<string> {
      // A shell whose input is a socket takes itself for a remote one, and reads the machine's start-up file.
      const args = ["--norc", "-euo", "pipefail", "-c", code];
      const { stdout } = await run("bash", args, { cwd: folder, env: { ...process.env, ...environment } });
      return stdout;
    }

    /** The titles of the account's videos, each of which is encoded. */
    async function completedTitles(of: Person): Promise<string[]> {
      const { items } = pageSchema.parse(await expectJson(await of.call("GET", "/v1/videos"), 200));
      for (const { id } of items) expect((await until(of, id, ended)).status).toBe("completed");
      return items.map(({ title }) => title);
    }

    test("in README, the API in five calls", async () => {
      const email = `${randomUUID()}@example.test`;
      const code = (await example("fiveCalls"))
        .replace("http://127.0.0.1:3000", here.stack().url)
        .replace("ann@example.org", email);
      // Until the first seconds are encoded there is no playlist.
      expect(await shell(code)).toMatch(/("http\S+\.m3u8"|null)\n$/);
      const answer = await fetch(`${here.stack().url}/v1/auth/login`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email, password: EXAMPLE_PASSWORD }),
      });
      const { accessToken } = z.object({ accessToken: z.string() }).parse(await answer.json());
      const authorization = `Bearer ${accessToken}`;
      const list = await fetch(`${here.stack().url}/v1/videos`, { headers: { authorization } });
      // Its bytes are there and it was completed: nothing else leaves the state of an upload.
      const status = expect.stringMatching(/^(queued|processing|completed)$/);
      expect(pageSchema.parse(await list.json()).items).toMatchObject([{ title: "film", status }]);
    });

    test("in docs/api.md, a video from a program", async () => {
      const owner = await register(() => here.stack().url);
      const code = await example("program");
      const out = await script(code, {}, [here.stack().url, owner.email, PASSWORD, "film.mp4"]);
      expect(out).toMatch(/^\S+ is (queued|processing)\n$/);
      expect(await completedTitles(owner)).toEqual(["film"]);
    });

    test("in docs/api.md, a video from an address", async () => {
      const files = startFileServer();
      try {
        const bytes = await readFile(join(folder, "film.mp4"));
        const url = await files.serve("/films/lake.mp4?token=s3cr3t", { bytes });
        const owner = await register(() => here.stack().url);
        const code = (await example("importByUrl")).replace(
          "https://media.example.org/films/lake.mp4?token=s3cr3t",
          url,
        );
        const out = await shell(code, { STORAGEX: here.stack().url, TOKEN: owner.token() });
        expect(JSON.parse(out)).toMatchObject({ origin: "import", externalId: "film-1207" });
        expect(await completedTitles(owner)).toEqual(["lake"]);
      } finally {
        files.stop();
      }
    });

    test("in docs/operations.md, reading the audit log", async () => {
      const { databaseUrl } = await connections(here.stack());
      const out = await shell(await example("audit"), { DATABASE_URL: databaseUrl, PAGER: "cat" });
      expect(out).toMatch(/\| account\.registered +\|/);
    });

    test("in docs/api.md, an upload by a link", async () => {
      const owner = await register(() => here.stack().url);
      const made = await owner.call("POST", "/v1/keys", { name: "links", scopes: ["videos:write"] });
      const { secret } = madeApiKeySchema.parse(await expectJson(made, 201));
      const out = await script(await example("uploadLink"), {}, [here.stack().url, secret, "film.mp4"]);
      expect(out).toMatch(/^Order 1207 is (queued|processing)\n$/);
      expect(await completedTitles(owner)).toEqual(["Order 1207"]);
    });

    test("in client/README.md, an upload by a link", async () => {
      const owner = await register(() => here.stack().url);
      const link = await expectJson(await owner.call("POST", "/v1/upload-links", {}), 201);
      const given = `const link = ${JSON.stringify(link)}, file = "film.mp4";\n`;
      await script(given + (await example("uploadByLink")));
      expect(await completedTitles(owner)).toEqual(["From a customer"]);
    });

    test("in README and client/README.md, an upload by the client", async () => {
      const env = { STORAGEX_API_KEY: key };
      const short = await example("clientInShort");
      await script(short.replace("http://127.0.0.1:3000", here.stack().url), env);
      const long = await example("upload");
      const out = await script(long.replace("https://videos.example.org", here.stack().url), env);
      expect(out).toContain("100 %\n");
      expect(await completedTitles(person)).toEqual(["A film", "A film"]);
    });

    test("in docs/api.md, who watched", async () => {
      const { items } = pageSchema.parse(await expectJson(await person.call("GET", "/v1/videos"), 200));
      const code = await example("audience");
      const out = await script(code, {}, [here.stack().url, key, items[0]?.id ?? ""]);
      expect(out).toBe("0 views by 0 viewers; more than half of them saw 0 % of the video\n");
    });

    test("in docs/api.md and client/README.md, a verified webhook", async () => {
      const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
      const data = { id: "v1", duration: 3 };
      const body = JSON.stringify({ type: "video.completed", timestamp: new Date().toISOString(), data });
      const at = new Date();
      const headers = {
        ...{ "webhook-id": "e1", "webhook-timestamp": String(Math.floor(at.getTime() / 1000)) },
        "webhook-signature": new Webhook(secret).sign("e1", at, body),
      };
      const given = `const secret = ${JSON.stringify(secret)}, body = ${JSON.stringify(body)};
        const headers = ${JSON.stringify(headers)}, request = { headers };\n`;
      const stock = await example("webhook");
      expect(await script(`${given}${stock}console.log(type, data.id);`)).toBe("video.completed v1\n");
      const ours = await example("verifiedWebhook");
      expect(await script(given + ours)).toBe("v1 3\n");
    });

    test("in docs/sharing.md, a viewer token", async () => {
      const made = await person.call("POST", "/v1/playback-keys", { name: "site" });
      const keySchema = z.object({ privateJwk: z.record(z.string(), z.unknown()) });
      const { privateJwk } = keySchema.parse(await expectJson(made, 201));
      const { items } = pageSchema.parse(await expectJson(await person.call("GET", "/v1/videos"), 200));
      const videoId = items[0]?.id ?? "";
      const given = `const privateJwk = ${JSON.stringify(privateJwk)}, videoId = ${JSON.stringify(videoId)};\n`;
      const code = `${given}${await example("viewerToken")}process.stdout.write(token);`;
      // jose is not the project's: the clone has it.
      const { stdout: token } = await run(process.execPath, ["--input-type=module", "--eval", code], {
        cwd: ROOT,
      });
      const shown = await fetch(`${here.stack().url}/v1/public/videos/${videoId}?token=${token}`);
      expect(await expectJson(shown, 200)).toMatchObject({ video: { id: videoId, title: "A film" } });
    });

    test("is run by a test, each of them", () => {
      expect(takenExamples()).toEqual(Object.keys(EXAMPLES).sort());
    });
  });
}
