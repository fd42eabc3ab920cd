/** Callers of the access matrix who have a token of an upload link, and what each may do. */
import type { Access } from "@storagex/contract/routes/access";
import { newUploadLink, newVideo, newVideoToken, type Signed } from "./direct-rows.ts";
import type { Edge } from "./harness.ts";

type World = { owner: Signed; other: Signed; videoId: string };
type Route = { method: string; path: string };

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const HOUR_MS = 3_600_000;

/** What each sends. All links are of the video's owner, unless they say something else. */
export const linkCallers = (edge: () => Edge) => {
  const linked = async ({ owner, videoId }: World) => newUploadLink(edge(), owner.userId, [videoId]);
  const change = (id: string, set: string) =>
    edge().sql.query(`UPDATE upload_links SET ${set} WHERE id = $1`, [id]);
  return {
    "upload link": async (world) => bearer((await linked(world)).token),
    "revoked upload link": async (world) => {
      const { id, token } = await linked(world);
      await change(id, "revoked_at = now()");
      return bearer(token);
    },
    "token of one video": async (world) => {
      await linked(world);
      return bearer(await newVideoToken(edge(), world.videoId));
    },
    "token of one video, its link expired": async (world) => {
      await change((await linked(world)).id, "expires_at = now() - interval '1 hour'");
      return bearer(await newVideoToken(edge(), world.videoId));
    },
    "token of one video, its link revoked": async (world) => {
      await change((await linked(world)).id, "revoked_at = now()");
      return bearer(await newVideoToken(edge(), world.videoId));
    },
    "token of another video of the owner": async ({ owner }) => {
      const another = await newVideo(edge(), owner.userId);
      await newUploadLink(edge(), owner.userId, [another]);
      return bearer(await newVideoToken(edge(), another));
    },
    "token of one video, expired": async (world) => {
      await linked(world);
      return bearer(await newVideoToken(edge(), world.videoId, Date.now() - 25 * HOUR_MS));
    },
  } satisfies Record<string, (world: World, route: Route) => Promise<{ authorization: string }>>;
};
type LinkCaller = keyof ReturnType<typeof linkCallers>;

export const isLinkCaller = (caller: string): caller is LinkCaller => /upload link|^token of/.test(caller);

/** Which token a route takes, specified again. */
function takenBy({ method, path }: Route): "link" | "video" | undefined {
  const call = `${method} ${path.replace("/v1/videos", "")}`;
  if (call === "post ") return "link";
  const ofVideo = [
    "post /{id}/upload/parts",
    "get /{id}/upload/parts",
    "post /{id}/upload/stored",
    "post /{id}/complete",
    "delete /{id}/upload",
    "get /{id}",
    "get /{id}/playback",
  ];
  return ofVideo.includes(call) ? "video" : undefined;
}

/** The code of the refusal, or `passes`; undefined on a route that does not ask for a bearer. */
export function expectedOfLink(access: Access, caller: LinkCaller, route: Route): string | undefined {
  if (access === "playback") return "passes";
  if (!["user", "owner", "restorer", "admin"].includes(access)) return undefined;
  const kind = caller.startsWith("token") ? "video" : "link";
  if (takenBy(route) !== kind) return "upload_link.not_allowed";
  switch (caller) {
    case "upload link":
    case "token of one video":
    case "token of one video, its link expired":
      return "passes";
    case "token of another video of the owner":
      return "video.not_found";
    default:
      return "auth.token_invalid";
  }
}
