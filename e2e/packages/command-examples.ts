/** The examples of cli/README.md: run line by line as they stand, with addresses and ids of ours. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startFileServer } from "../../testing/services/file-server.ts";
import { PASSWORD, register } from "../testing/account.ts";
import { clip } from "../testing/clips.ts";
import type { Project } from "../testing/packed.ts";
import { rowsOf } from "../testing/rows.ts";
import { example } from "./documents.ts";
import { replay } from "./platforms/replay.ts";

/** Tests of the examples, in a folder of their own in the project of `here`. */
export function commandExampleTests(here: Project): void {
  describe("an example of cli/README.md", () => {
    let folder: string;
    beforeAll(async () => {
      folder = join(here.folder(), "commands");
      await mkdir(folder);
      for (const name of ["film.mp4", "lake.mov"])
        await copyFile(await clip(3, "320x180"), join(folder, name));
    });

    /** A shell of somebody who has `storagex` in the path, and a home of their own. */
    function shell(environment: NodeJS.ProcessEnv) {
      const path = [join(here.folder(), "node_modules/.bin"), process.env.PATH].join(delimiter);
      const env = { ...process.env, PATH: path, XDG_CONFIG_HOME: join(folder, "config"), ...environment };
      /** Runs a line; `until`: is interrupted (Ctrl-C) once it has printed that. */
      return async (line: string, { input = "", until }: { input?: string; until?: string } = {}) => {
        const child = spawn("bash", ["--norc", "-c", line], { cwd: folder, env });
        const closed = once(child, "close");
        child.stdin.end(input);
        let [out, all] = ["", ""];
        child.stdout.setEncoding("utf8").on("data", (text: string) => {
          out += text;
        });
        for (const stream of [child.stdout, child.stderr])
          stream.setEncoding("utf8").on("data", (text: string) => {
            all += text;
            if (until !== undefined && all.includes(until)) child.kill("SIGINT");
          });
        const [code] = await closed;
        expect({ line, code, all }).toEqual({ line, code: 0, all });
        return out;
      };
    }

    const linesOf = (code: string): string[] => code.trim().split("\n");

    test("from login to doctor", async () => {
      const files = startFileServer();
      try {
        const { url } = here.stack();
        const bytes = await readFile(join(folder, "film.mp4"));
        const address = await files.serve("/lake.mp4", { bytes });
        const { email } = await register(() => url);
        await rowsOf(here.stack(), "UPDATE users SET role = 'admin' WHERE email = $1", [email]);
        const run = shell({});
        const login = { input: `${email}\n${PASSWORD}\n` };
        let id = "";
        for (const written of linesOf(await example("commands"))) {
          const line = written
            .replace("https://videos.example.org", url)
            .replace("https://media.example.org/lake.mp4", address)
            .replace(/\bID(…|\b)/, id);
          if (line.startsWith("storagex login")) await run(line, login);
          else if (line.includes("webhooks listen")) await run(line, { until: "Listening" });
          else if (line.startsWith("storagex upload")) [id = ""] = (await run(line)).split(" ");
          else {
            // As its comment says.
            if (line.startsWith("storagex queue")) await run(`storagex login ${url} --admin`, login);
            expect(await run(line), line).not.toBe("");
          }
        }
      } finally {
        files.stop();
      }
    });

    test("migrating, from platforms without videos", async () => {
      const { url } = here.stack();
      const person = await register(() => url);
      const made = await person.call("POST", "/v1/keys", {
        ...{ name: "moving", scopes: ["videos:read", "videos:write"] },
      });
      const { secret } = z.object({ secret: z.string() }).parse(await made.json());
      const empty = await replay(() => [
        { call: "GET /video/v1/assets?limit=100&page=1", body: { data: [], next_cursor: null } },
        { call: "GET /accounts/a1/stream?limit=1000", body: { result: [], success: true } },
        {
          call: "GET /api/v1/users/me/videos?start=0&count=100&sort=createdAt",
          body: { total: 0, data: [] },
        },
      ]);
      try {
        const run = shell({
          ...{ STORAGEX_URL: url, STORAGEX_API_KEY: secret },
          ...{ MUX_TOKEN_ID: "id", MUX_TOKEN_SECRET: "secret", MUX_API_URL: empty.api },
          ...{ CLOUDFLARE_ACCOUNT_ID: "a1", CLOUDFLARE_API_TOKEN: "token", CLOUDFLARE_API_URL: empty.api },
          ...{ PEERTUBE_URL: empty.api, PEERTUBE_TOKEN: "token" },
        });
        for (const line of linesOf(await example("migrating")))
          expect(await run(line)).toBe("0 imported, 0 already there, 0 failed, 0 without all captions\n");
        expect(empty.complaints).toEqual([]);
        expect(empty.asked).toHaveLength(3);
      } finally {
        empty.stop();
      }
    });
  });
}
