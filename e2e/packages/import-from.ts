/** `storagex import-from`: the videos of other platforms, as recorded, moved into the running product. */
import { readFile } from "node:fs/promises";
import { madeApiKeySchema } from "@storagex/contract/accounts/api-keys";
import { videoDetailSchema, videoSchema } from "@storagex/contract/videos/video";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { expectJson, type Person, register } from "../testing/account.ts";
import { clip } from "../testing/clips.ts";
import type { Project } from "../testing/packed.ts";
import { type Command, commandIn } from "./command.ts";
import { CLOUDFLARE, cloudflareAnswers, VIDEOS } from "./platforms/cloudflare.ts";
import { ASSETS, MUX, muxAnswers } from "./platforms/mux.ts";
import { PEERTUBE, peertubeAnswers, UUIDS } from "./platforms/peertube.ts";
import { type Replay, replay } from "./platforms/replay.ts";

const lineSchema = z.object({
  externalId: z.string(),
  outcome: z.string(),
  source: z.string().optional(),
  reason: z.string().optional(),
  incomplete: z.array(z.string()).optional(),
});

/** Tests of `import-from` as it is installed in the project of `here`. */
export function importFromTests(here: Project): void {
  describe("storagex import-from", () => {
    let film: Buffer;
    const platforms: Replay[] = [];
    afterAll(() => {
      for (const platform of platforms) platform.stop();
    });
    beforeAll(async () => {
      film = await readFile(await clip(3, "320x180"));
    });

    /** An account of its own, the command signed in to it, and the platform. */
    async function moving(answers: Parameters<typeof replay>[0]) {
      const [person, platform] = await Promise.all([register(() => here.stack().url), replay(answers)]);
      platforms.push(platform);
      const made = await person.call("POST", "/v1/keys", {
        ...{ name: "moving", scopes: ["videos:read", "videos:write"] },
      });
      const { secret } = madeApiKeySchema.parse(await expectJson(made, 201));
      const environment = { ...process.env, STORAGEX_URL: here.stack().url, STORAGEX_API_KEY: secret };
      const storagex = await commandIn(here.folder(), environment);
      return { person, platform, storagex };
    }

    /** What a run says of each video by the end of its external id, and its summary. */
    async function moved(storagex: Command, args: string[]) {
      const { code, out, err } = await storagex.run(["import-from", ...args, "--json"]);
      const lines = out
        .trim()
        .split("\n")
        .map((line): unknown => JSON.parse(line));
      const { summary } = z.object({ summary: z.record(z.string(), z.number()) }).parse(lines.pop());
      const each = z.array(lineSchema).parse(lines);
      return { code, err, summary, each: Object.fromEntries(each.map((line) => [line.externalId, line])) };
    }

    /** The account's videos by external id. */
    async function videosOf(person: Person) {
      const page = await expectJson(await person.call("GET", "/v1/videos"), 200);
      const { items } = z.object({ items: z.array(videoSchema) }).parse(page);
      const details = items.map(async ({ id }) =>
        videoDetailSchema.parse(await expectJson(await person.call("GET", `/v1/videos/${id}`), 200)),
      );
      return new Map((await Promise.all(details)).map((video) => [video.externalId, video]));
    }

    const muxArgs = ({ api, files }: Replay, secret = MUX.secret) => [
      ...["mux", "--token-id", MUX.id, "--token-secret", secret, "--api-url", api, "--stream-url", files],
    ];

    test("mux: masters, else MP4s; what fails is told and done by the next run", async () => {
      const { person, platform, storagex } = await moving(muxAnswers(film));
      const [master, mp4] = [`mux:${ASSETS.master}`, `mux:${ASSETS.mp4}`];
      const planned = await moved(storagex, [...muxArgs(platform), "--dry-run"]);
      expect(planned).toMatchObject({ code: 1, summary: { wouldImport: 3, failed: 2 } });
      expect(platform.asked.filter((call) => !call.startsWith("GET"))).toEqual([]);

      const first = await moved(storagex, [...muxArgs(platform), "--wait", "--tag", "from mux"]);
      expect(first).toMatchObject({ code: 1, err: "", summary: { imported: 1, there: 0, failed: 4 } });
      expect(first.each).toMatchObject({
        [master]: { outcome: "imported", source: "original" },
        [mp4]: { outcome: "failed", source: "mp4" },
        [`mux:${ASSETS.bare}`]: {
          outcome: "failed",
          reason: expect.stringMatching(/may only read.*public MP4/),
        },
        [`mux:${ASSETS.errored}`]: { outcome: "failed", reason: "it is errored" },
        [`mux:${ASSETS.odd}`]: { outcome: "failed", reason: expect.stringContaining("not as documented") },
      });

      platform.change([{ call: "GET /pUbLiC2/720p.mp4", body: film }]);
      platform.asked.length = 0;
      const second = await moved(storagex, [...muxArgs(platform), "--wait"]);
      expect(second).toMatchObject({ code: 1, summary: { imported: 1, there: 1, failed: 3 } });
      expect(second.each[mp4]).toMatchObject({ outcome: "imported", source: "mp4" });
      expect(platform.asked.filter((call) => call.includes(ASSETS.master))).toEqual([]);

      const videos = await videosOf(person);
      expect([...videos.keys()].sort()).toEqual([master, mp4].sort());
      expect(videos.get(master)).toMatchObject({
        ...{ status: "completed", title: "The lake", filename: "The lake.mp4", origin: "import" },
        ...{ tags: ["from mux"], visibility: "private", size: film.length },
        captions: [{ language: "en", label: "English" }],
        metadata: {
          ...{ createdAt: "2026-01-01T00:00:00.000Z", muxPassthrough: "order-1207" },
          ...{ muxCreatorId: "ann", muxExternalId: "film-12" },
        },
      });
      expect(videos.get(mp4)).toMatchObject({ status: "completed", title: "The hill", captions: [] });
      expect(platform.complaints).toEqual([]);
    });

    test("credentials that are not accepted end it; so does a key that may not write", async () => {
      const { person, platform, storagex } = await moving(muxAnswers(film));
      const call = "GET /video/v1/assets?limit=100&page=1";
      const body = { error: { type: "unauthorized", messages: ["Invalid token"] } };
      platform.change([{ call, status: 401, body }]);
      const refused = await moved(storagex, muxArgs(platform, "wrong"));
      expect(refused).toMatchObject({ code: 3, summary: { imported: 0, failed: 0 } });
      expect(refused.err).toBe("error: Mux does not accept the credentials: Invalid token\n");

      platform.change(muxAnswers(film)(platform));
      const made = await person.call("POST", "/v1/keys", { name: "reads", scopes: ["videos:read"] });
      const { secret } = madeApiKeySchema.parse(await expectJson(made, 201));
      const environment = { ...process.env, STORAGEX_URL: here.stack().url, STORAGEX_API_KEY: secret };
      const reader = await commandIn(here.folder(), environment);
      const only = ["--only", ASSETS.master, "--parallel", "1"];
      const forbidden = await moved(reader, [...muxArgs(platform), ...only]);
      expect(forbidden).toMatchObject({ code: 3, each: {} });
      expect(forbidden.err).toContain("auth.scope_missing");
      expect(await storagex.run(["import-from", "mux", "--token-id", "x"])).toMatchObject({ code: 2 });
    });

    test("cloudflare: MP4s that are made when asked, also those that need a signed address", async () => {
      const { person, platform, storagex } = await moving(cloudflareAnswers(film));
      const account = ["--account-id", CLOUDFLARE.account, "--api-token", CLOUDFLARE.token];
      const args = ["cloudflare", ...account, "--api-url", `${platform.api}/client/v4`];
      const run = await moved(storagex, [...args, "--wait", "--visibility", "public"]);
      expect(run).toMatchObject({ code: 1, err: "", summary: { imported: 2, there: 0, failed: 1 } });
      expect(run.each[`cloudflare:${VIDEOS.waiting}`]?.reason).toBe("it is not ready: queued");
      const videos = await videosOf(person);
      expect(videos.get(`cloudflare:${VIDEOS.open}`)).toMatchObject({
        ...{ status: "completed", title: "The sea", visibility: "public" },
        captions: [{ language: "pt-BR", label: "Português" }],
        metadata: {
          ...{ createdAt: "2026-01-31T10:00:00.872170843Z", cloudflareCreator: "ann" },
          "downloaded-from": "https://media.example.org/sea.mp4",
        },
      });
      expect(videos.get(`cloudflare:${VIDEOS.signed}`)).toMatchObject({
        ...{ status: "completed", title: "For members", captions: [] },
      });
      expect(platform.complaints).toEqual([]);
    });

    test("peertube: originals, else the best file with its audio; a token that ends is renewed", async () => {
      const { person, platform, storagex } = await moving(peertubeAnswers(film));
      const account = ["--username", PEERTUBE.username, "--password", PEERTUBE.password];
      const args = ["peertube", "--url", platform.api, ...account, "--wait", "--parallel", "2"];
      const run = await moved(storagex, args);
      expect(run).toMatchObject({ code: 1, err: "", summary: { imported: 2, failed: 1, incomplete: 1 } });
      const [original, split] = [`peertube:${UUIDS.original}`, `peertube:${UUIDS.split}`];
      expect(run.each).toMatchObject({
        [original]: { source: "original", incomplete: [expect.stringContaining("No such captions")] },
        [split]: { outcome: "imported", source: "mp4" },
        [`peertube:${UUIDS.live}`]: { reason: "it is live" },
      });
      const videos = await videosOf(person);
      expect(videos.get(original)).toMatchObject({
        ...{ status: "completed", title: "Der See", filename: "see_final.mov", tags: ["urlaub", "2026"] },
        description: "Gefilmt am See.\nZweiter Tag.",
        chapters: [
          { start: 0, title: "Ankunft" },
          { start: 2, title: "Im Wasser" },
        ],
        captions: [{ language: "de", label: "German" }],
        metadata: {
          ...{ createdAt: "2026-01-31T10:00:00.000Z", publishedAt: "2026-01-31T11:00:00.000Z" },
          ...{ category: "Films", licence: "Unknown", language: "German", privacy: "Private" },
          channel: "ann_channel",
        },
      });
      expect(videos.get(split)).toMatchObject({ status: "completed", title: "Der Berg", tags: [] });

      // What was missing of the captions is added by the next run.
      platform.change([
        { call: "GET /lazy-static/en.vtt", body: "WEBVTT\n\n00:00.500 --> 00:02.000\nWater\n" },
      ]);
      const again = await moved(storagex, args);
      expect(again).toMatchObject({ summary: { imported: 0, there: 2, failed: 1, incomplete: 0 } });
      expect((await videosOf(person)).get(original)?.captions).toMatchObject([
        { label: "German" },
        { label: "English" },
      ]);
      expect(platform.complaints).toEqual([]);
    });
  });
}
