/** What an owner chooses for a video: its poster, and the profile of its encode. */
import { meSchema } from "@storagex/contract/accounts/account";
import { playablePlaybackSchema } from "@storagex/contract/videos/playback";
import { describe, expect, test } from "vitest";
import { problemOf } from "../support/client.ts";
import type { Person } from "../support/person.ts";
import type { Pipeline } from "../support/pipeline.ts";
import { leased } from "../support/worker.ts";

export async function playback(person: Person, id: string) {
  return playablePlaybackSchema.parse(await (await person.call("GET", `/v1/videos/${id}/playback`)).json());
}

export function choiceTests(pipeline: () => Pipeline): void {
  describe("posters", () => {
    test("the owner chooses among the candidates; title and poster change together or not at all", async () => {
      const ann = await pipeline().person();
      const id = await pipeline().completed(ann);
      expect(await ann.video(id)).toMatchObject({ posterIndex: 0, posters: [{ index: 0 }] });
      await pipeline().sql.query(
        "UPDATE videos SET posters = posters || jsonb_set(posters, '{0,key}', '\"processed/other.jpg\"') WHERE id = $1",
        [id],
      );
      const change = (body: unknown) => ann.call("PATCH", `/v1/videos/${id}`, body);
      expect((await change({ posterIndex: 1, title: "Both" })).status).toBe(200);
      const video = await ann.video(id);
      expect(video).toMatchObject({ title: "Both", posterIndex: 1, poster: video.posters[1]?.url });
      expect(video.poster).toContain("other.jpg");
      expect((await playback(ann, id)).poster).toContain("other.jpg");
      for (const [body, field] of [
        [{ posterIndex: 2, title: "Not this" }, "posterIndex"],
        [{ posterIndex: -1 }, "posterIndex"],
        [{ posterIndex: 0.5 }, "posterIndex"],
        [{ posterIndex: 2 ** 40 }, "posterIndex"],
        [{}, ""],
        [{ title: " " }, "title"],
      ] as const)
        expect(await problemOf(await change(body))).toEqual({
          status: 422,
          code: "request.invalid",
          errors: [field],
        });
      expect((await ann.video(id)).title).toBe("Both");
      expect((await change({ title: "Alone" })).status).toBe(200);
      expect(await ann.video(id)).toMatchObject({ title: "Alone", posterIndex: 1 });
    });

    test("before there are any, none can be chosen", async () => {
      const ann = await pipeline().person();
      const id = await ann.uploaded();
      expect(await ann.video(id)).toMatchObject({ posterIndex: 0, posters: [] });
      expect(await problemOf(await ann.call("PATCH", `/v1/videos/${id}`, { posterIndex: 0 }))).toMatchObject({
        code: "request.invalid",
      });
    });
  });

  test("a profile is chosen with the ticket, within what is allowed, and reaches the plan's lease", async () => {
    const ann = await pipeline().person();
    const me = meSchema.parse(await (await ann.call("GET", "/v1/me")).json());
    expect(me.profiles).toEqual(["fast", "fine"]);
    const ticket = { filename: "a.mp4", size: 10, contentType: "video/mp4" };
    for (const profile of [
      { quality: "fast", av1: true },
      { quality: "fine", av1: true },
    ])
      expect(await problemOf(await ann.call("POST", "/v1/videos", { ...ticket, profile }))).toMatchObject({
        status: 422,
        code: "upload.profile_not_allowed",
      });
    for (const profile of [
      { quality: "best" },
      { av1: false },
      { quality: "fast", preset: "placebo" },
      "fast",
    ])
      expect(await problemOf(await ann.call("POST", "/v1/videos", { ...ticket, profile }))).toMatchObject({
        status: 422,
        code: "request.invalid",
      });
    const plain = await ann.uploaded(1000);
    expect((await ann.video(plain)).profile).toEqual({ quality: "fast", av1: false });
    const fine = await ann.uploaded(1000, { profile: { quality: "fine" } });
    expect((await ann.video(fine)).profile).toEqual({ quality: "fine", av1: false });
    const lease = leased(await pipeline().worker.claim((await pipeline().task(fine, "plan")).id));
    expect(lease).toMatchObject({ kind: "plan", profile: { preset: "medium", av1: false } });
  });
}
