/** `storagex import`: videos that the server fetches, begun by the installed command. */
import { readFile } from "node:fs/promises";
import { madeApiKeySchema } from "@storagex/contract/accounts/api-keys";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type FileServer, startFileServer } from "../../testing/services/file-server.ts";
import { expectJson, register } from "../testing/account.ts";
import { clip } from "../testing/clips.ts";
import type { Project } from "../testing/packed.ts";
import { type Command, commandIn } from "./command.ts";

/** Tests of `import` as it is installed in the project of `here`. */
export function importTests(here: Project): void {
  describe("storagex import", () => {
    let storagex: Command;
    let files: FileServer;

    beforeAll(async () => {
      files = startFileServer();
      const person = await register(() => here.stack().url);
      const scopes = ["videos:read", "videos:write"];
      const made = await person.call("POST", "/v1/keys", { name: "imports", scopes });
      const { secret } = madeApiKeySchema.parse(await expectJson(made, 201));
      const signedIn = { STORAGEX_URL: here.stack().url, STORAGEX_API_KEY: secret };
      storagex = await commandIn(here.folder(), { ...process.env, ...signedIn });
    });
    afterAll(() => files.stop());

    test("begins one and ends, or waits until it is encoded; what is said of the video arrives", async () => {
      const url = await files.serve("/films/lake.mp4?token=s3cr3t", {
        bytes: await readFile(await clip(3, "320x180")),
      });
      const begun = await storagex.run(["import", url, "--external-id", "lake-1"]);
      expect(begun).toMatchObject({ code: 0, err: "" });
      expect(begun.out).toMatch(new RegExp(`^\\S{22}  pending_upload  ${here.stack().url}/videos/\\S+\\n$`));
      const said = ["--title", "The lake", "--description", "Two\nlines", "--tag", "trip", "--tag", "2026"];
      const data = ["--metadata", "customer=1207", "--metadata", "note=a=b", "--visibility", "public"];
      const ids = ["--external-id", "lake-2", "--filename", "sea.mp4"];
      const video = await storagex.json(["import", url, "--wait", ...said, ...data, ...ids]);
      expect(video).toMatchObject({
        ...{ status: "completed", origin: "import", title: "The lake", description: "Two\nlines" },
        ...{ tags: ["trip", "2026"], metadata: { customer: "1207", note: "a=b" }, visibility: "public" },
        ...{ externalId: "lake-2", filename: "sea.mp4" },
      });
      // Nothing of the address but its name shows.
      expect(JSON.stringify(video) + begun.out).not.toContain("s3cr3t");
      const listed = z.array(z.object({ title: z.string() })).parse(await storagex.jsonLines(["list"]));
      // The next test runs beside this one.
      expect(listed.map(({ title }) => title).filter((title) => title !== "missing")).toEqual([
        "The lake",
        "lake",
      ]);
    });

    test("that fails says why: at once where the address is refused, with --wait what went wrong later", async () => {
      const refused = await storagex.run(["import", "http://10.0.0.1/lake.mp4", "--wait"]);
      expect(refused).toMatchObject({ code: 1, out: "" });
      expect(refused.err).toContain("import.refused");
      expect(await storagex.run(["import", "lake.mp4"])).toMatchObject({ code: 1, out: "" });
      const missing = await files.url("/films/missing.mp4");
      expect(await storagex.run(["import", missing, "--metadata", "customer"])).toMatchObject({ code: 2 });
      const { code, out, err } = await storagex.run(["import", missing, "--wait", "--json"]);
      expect(code).toBe(6);
      expect(err).toMatch(/^error: .+/);
      expect(JSON.parse(out)).toMatchObject({ status: "failed", error: { code: "import.not_found" } });
    });
  });
}
