/** What other sites read of a page: OpenGraph, Twitter's player card, schema.org and oEmbed's discovery. */

import type { ShownVideo } from "@storagex/contract/sharing";
import { escaped } from "@storagex/contract/text/html";
import { scriptJson } from "../pages/html.ts";
import { sizeOf } from "../sharing/oembed.ts";

/** Absolute addresses of one video's pages. */
export type Addresses = { page: string; embed: string; poster: string; oembed: string };

const property = (name: string, content: string | number) =>
  `<meta property="${name}" content="${escaped(String(content))}">`;
const named = (name: string, content: string | number) =>
  `<meta name="${name}" content="${escaped(String(content))}">`;

/** The elements of the head. */
export function metaOf({ video }: ShownVideo, { page, embed, poster, oembed }: Addresses): string {
  const { title, duration } = video;
  const description = video.description.slice(0, 300) || title;
  const { width, height } = sizeOf(video);
  const schema = {
    "@context": "https://schema.org",
    "@type": "VideoObject",
    name: title,
    description,
    uploadDate: video.createdAt,
    ...(video.poster && { thumbnailUrl: [poster] }),
    ...(duration !== null && { duration: `PT${Math.max(1, Math.round(duration))}S` }),
    embedUrl: embed,
    url: page,
  };
  return [
    named("description", description),
    `<link rel="canonical" href="${escaped(page)}">`,
    property("og:type", "video.other"),
    property("og:site_name", "StorageX"),
    property("og:title", title),
    property("og:description", description),
    property("og:url", page),
    ...(video.poster ? [property("og:image", poster), named("twitter:image", poster)] : []),
    property("og:video", embed),
    property("og:video:secure_url", embed),
    property("og:video:type", "text/html"),
    property("og:video:width", width),
    property("og:video:height", height),
    named("twitter:card", "player"),
    named("twitter:title", title),
    named("twitter:description", description),
    named("twitter:player", embed),
    named("twitter:player:width", width),
    named("twitter:player:height", height),
    `<link rel="alternate" type="application/json+oembed" href="${escaped(oembed)}" title="${escaped(title)}">`,
    `<script type="application/ld+json">${scriptJson(schema)}</script>`,
  ].join("\n");
}
