/** Enters by a token of an upload link: its own, or that of one video. */
import type { LinkToken } from "@storagex/contract/routes/access";
import type { Context } from "hono";
import type { AppEnv } from "../../app-env.ts";
import { edgeOf } from "../../context.ts";
import { problem } from "../../problem/problem.ts";
import { requireSharing } from "../../sharing/allowed.ts";
import { readLink, readUploader } from "../../upload-links/enter.ts";
import type { linkTokenIn } from "../../upload-links/token.ts";
import type { Principal } from "../principal.ts";
import { countAnonymous, countCall } from "./rates.ts";

/** Whoever has a token of an upload link. Throws `upload_link.not_allowed` for one of another kind than the route takes. */
export async function byLinkToken(
  c: Context<AppEnv>,
  { of, token }: NonNullable<ReturnType<typeof linkTokenIn>>,
  takes: LinkToken,
): Promise<Principal> {
  try {
    if (of !== takes) throw problem("upload_link.not_allowed");
    return await (of === "uploadLink" ? ownerOfLink(c, token) : ownerOfVideoToken(c, token));
  } catch (error) {
    if (!c.get("rate")) countAnonymous(c);
    throw error;
  }
}

async function ownerOfLink(c: Context<AppEnv>, token: string): Promise<Principal> {
  const link = await readLink(edgeOf(c), token);
  if (!link || link.state === "revoked") throw problem("auth.token_invalid");
  countCall(c, link.id);
  requireSharing(c.get("config"), "link");
  return { kind: "link", link, token };
}

/** The token is for one video: by it every other one does not exist. */
async function ownerOfVideoToken(c: Context<AppEnv>, token: string): Promise<Principal> {
  const uploader = await readUploader(edgeOf(c), token);
  if (!uploader) throw problem("auth.token_invalid");
  countCall(c, uploader.videoId);
  requireSharing(c.get("config"), "link");
  if (c.req.param("id") !== uploader.videoId) throw problem("video.not_found");
  return { kind: "uploader", reader: { userId: uploader.ownerId, asAdmin: false } };
}
