/** The HTML that a site pastes to show the player. */

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** `url` is an embed page; the frame has the video's shape and grows with its place. */
export function embedCode(
  url: string,
  { title, width, height }: { title: string; width: number | null; height: number | null },
): string {
  const [wide, high] = width && height ? [width, height] : [1280, 720];
  return (
    `<iframe src="${escaped(url)}" title="${escaped(title)}" width="${wide}" height="${high}" ` +
    `style="border:0;width:100%;height:auto;aspect-ratio:${wide}/${high}" loading="lazy" ` +
    `allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>`
  );
}
