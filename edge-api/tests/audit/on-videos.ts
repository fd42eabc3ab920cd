/** Acts on videos: recorded where an administrator performs them on somebody else's video. */
import { randomBytes } from "node:crypto";
import { ticketSchema } from "@storagex/contract/uploads/upload";
import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { hashOf } from "../../src/keys/random.ts";
import { seal } from "../../src/keys/sealed.ts";
import { newSigned, newVideo, type Signed } from "../support/direct-rows.ts";
import { ACTS, bearer, edge, expected, FROM, isOfVideo, type Name, written } from "./written.ts";

/** What a route's act needs: a video or account in the right state, and a body. `id` is for the path. */
type Prepared = { id?: string; captionId?: string; shareId?: string; body?: unknown };
type OnVideo = (video: string, owner: Signed) => Promise<Prepared>;

const state = (video: string, status: string, more = "") =>
  edge.sql.query(`UPDATE videos SET status = $2${more} WHERE id = $1`, [video, status]);

/** Acts on a video. Each prepares what `newVideo` made so that the act succeeds. */
const ON_VIDEO: Partial<Record<Name, OnVideo>> = {
  updateVideo: async () => ({ body: { title: "another" } }),
  deleteVideo: async () => ({}),
  retryVideo: async () => ({}),
  restoreVideo: async (video) => {
    const deletion = ", deleted_from = 'failed', undo_until = now() + interval '1 hour'";
    await state(video, "deleting", deletion);
    return {};
  },
  abortUpload: async (video) => {
    await state(video, "pending_upload", ", ticket_expires_at = now() + interval '1 hour'");
    return {};
  },
  completeUpload: async (_, owner) => {
    const answer = await fetch(`${edge.url}/v1/videos`, {
      method: "POST",
      headers: { ...bearer(owner), "content-type": "application/json" },
      body: JSON.stringify({ filename: "a.mp4", size: 10 }),
    });
    const { video: made, upload } = ticketSchema.parse(await answer.json());
    await fetch(upload.parts[0]?.url ?? "", { method: "PUT", body: new Uint8Array(10) });
    return { id: made.id, body: {} };
  },
  makePoster: async (video) => {
    await state(video, "completed", ", duration = 4");
    return { body: { at: 1 } };
  },
  addCaptions: async () => ({
    body: { language: "en", label: "English", content: "1\n00:00:01,000 --> 00:00:02,000\nHello\n" },
  }),
  deleteCaptions: async (video) => {
    const track = { id: "abc", key: "k", size: 1, etag: "e", language: "en", label: "English" };
    await edge.sql.query("UPDATE videos SET captions = $2 WHERE id = $1", [video, JSON.stringify([track])]);
    return { captionId: "abc" };
  },
  createShare: async () => ({ body: { label: "For the press" } }),
  updateShare: async (video) => ({ shareId: await newShare(video), body: { allowDownload: true } }),
  deleteShare: async (video) => ({ shareId: await newShare(video) }),
};

const newShare = async (video: string): Promise<string> => {
  const id = randomBytes(8).toString("hex");
  const values = [id, video, await hashOf(id), await seal(readConfig(edge.bindings), `sxs_${id}`)];
  await edge.sql.query(
    "INSERT INTO shares (id, video_id, token_hash, token_sealed) VALUES ($1, $2, $3, $4)",
    values,
  );
  return id;
};

async function ask(
  { route }: (typeof ACTS)[number],
  caller: Signed,
  { id = "", captionId = "", shareId = "", body }: Prepared,
) {
  return fetch(
    edge.url + route.path.replace("{id}", id).replace("{captionId}", captionId).replace("{shareId}", shareId),
    {
      method: route.method.toUpperCase(),
      headers: {
        ...FROM,
        ...bearer(caller),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    },
  );
}

export function videoActTests(): void {
  describe.each(ACTS.filter(({ access }) => isOfVideo(access)))("$name", (act) => {
    // A share's link is a credential: who makes or ends one is written down, also of an owner.
    const isCredential = act.action.startsWith("share.");
    const byOwner = isCredential ? "is" : "is not";
    test(`by an administrator on somebody else's video is written down, by its owner it ${byOwner}`, async () => {
      const prepare = ON_VIDEO[act.name];
      if (!prepare) throw new Error(`no act of ${act.name} is tried here`);
      const [owner, admin] = [await newSigned(edge), await newSigned(edge, "admin")];
      for (const caller of [owner, admin]) {
        const video = await newVideo(edge, owner.userId);
        const prepared = { id: video, ...(await prepare(video, owner)) };
        const answer = await ask(act, caller, prepared);
        expect(answer.ok, `${answer.status} ${await answer.text()}`).toBe(true);
        const row = expected(act.action, caller.userId, "video", prepared.id, { ownerId: owner.userId });
        expect(await written()).toEqual(caller === admin || isCredential ? [row] : []);
        await edge.sql.query("DELETE FROM audit");
      }
    });
  });
}
