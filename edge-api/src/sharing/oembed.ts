/** oEmbed 1.0: what a site that was given a link to a video embeds. */

import type { Oembed, OembedQuery, ShownVideo } from "@storagex/contract/sharing";
import { embedCode } from "@storagex/contract/videos/embed-code";
import type { Config } from "../config.ts";
import type { Edge } from "../context.ts";
import { Problem, problem } from "../problem/problem.ts";
import { enterPublic } from "./public.ts";
import { enterShare, findShare } from "./shared.ts";
import { shownVideo } from "./shown.ts";

/** Pixels, where the consumer sets no limit. */
const WIDTH = 1280;

/**
 * Throws `video.not_found` for whatever is not a page of ours that everybody who has its address may see: a
 * private video, a share with a password, another site.
 */
export async function oembedOf(edge: Edge, asked: OembedQuery): Promise<Oembed> {
  const { config } = edge;
  const page = pageOf(config, asked.url);
  if (!page) throw problem("video.not_found");
  try {
    const entry =
      page.kind === "watch"
        ? await enterPublic(edge, page.key, undefined)
        : await enterShare(edge, await findShare(edge, page.key), undefined);
    const { video } = await shownVideo(edge, entry);
    const size = sizeOf(video, asked);
    return {
      version: "1.0",
      type: "video",
      provider_name: "StorageX",
      provider_url: config.STORAGEX_PUBLIC_URL,
      title: video.title,
      html: embedCode(`${config.STORAGEX_PUBLIC_URL}/embed/${page.kind === "share" ? "s/" : ""}${page.key}`, {
        title: video.title,
        ...size,
      }),
      ...size,
      ...(video.poster && {
        thumbnail_url: `${config.STORAGEX_PUBLIC_URL}/${page.kind === "share" ? "s" : "watch"}/${page.key}/poster.jpg`,
        thumbnail_width: size.width,
        thumbnail_height: size.height,
      }),
    };
  } catch (error) {
    const isHidden = error instanceof Problem && ["share.not_found", "share.locked"].includes(error.code);
    throw isHidden ? problem("video.not_found") : error;
  }
}

/** The page that an address of ours leads to: a watch page, a share, or the embedded player of either. */
function pageOf(config: Config, address: string): { kind: "watch" | "share"; key: string } | undefined {
  const url = URL.parse(address);
  if (url?.origin !== config.publicOrigin) return undefined;
  const [, kind, key] = /^\/(watch|s|embed\/s|embed)\/([\w-]{1,64})\/?$/.exec(url.pathname) ?? [];
  if (!kind || !key) return undefined;
  return { kind: kind === "s" || kind === "embed/s" ? "share" : "watch", key };
}

/** The largest size of the video's shape within the limits. */
export function sizeOf(
  { width, height }: Pick<ShownVideo["video"], "width" | "height">,
  { maxwidth, maxheight }: Pick<OembedQuery, "maxwidth" | "maxheight"> = {},
): { width: number; height: number } {
  const shape = width && height ? width / height : 16 / 9;
  const wide = Math.min(
    WIDTH,
    maxwidth ?? WIDTH,
    Math.round((maxheight ?? Number.POSITIVE_INFINITY) * shape),
  );
  return {
    width: Math.max(1, wide),
    height: Math.max(1, Math.min(maxheight ?? 10_000, Math.round(wide / shape))),
  };
}
