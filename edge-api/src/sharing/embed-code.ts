/** The HTML that a site pastes to show our player. */
import { escaped } from "../pages/html.ts";

/** `url` is an embed page; the size is only the shape, the frame grows with its place. */
export function embedCode(
  url: string,
  title: string,
  { width, height }: { width: number; height: number },
): string {
  return (
    `<iframe src="${escaped(url)}" title="${escaped(title)}" width="${width}" height="${height}" ` +
    `style="border:0;width:100%;height:auto;aspect-ratio:${width}/${height}" loading="lazy" ` +
    `allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>`
  );
}
