/** The HTML that a site pastes to show the player. Pure. */
import { escaped } from "../text/html.ts";

/** Of a video whose size is not known yet. */
const USUAL = { width: 1280, height: 720 };

/** `url` is an embed page; the size is only the shape, the frame grows with its place. */
export function embedCode(
  url: string,
  { title, width, height }: { title: string; width: number | null; height: number | null },
): string {
  const size = width && height ? { width, height } : USUAL;
  return (
    `<iframe src="${escaped(url)}" title="${escaped(title)}" width="${size.width}" height="${size.height}" ` +
    `style="border:0;width:100%;height:auto;aspect-ratio:${size.width}/${size.height}" loading="lazy" ` +
    `allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>`
  );
}
