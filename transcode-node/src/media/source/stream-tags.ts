/** A stream's tags that people read, as text that can be shown and stored. */

import { languageTag } from "@storagex/contract/media/language";
import { visibleLine } from "@storagex/contract/text/hidden-characters";
import type { ProbedStream } from "./probe.ts";

type Tagged = Pick<ProbedStream, "tags">;

/**
 * Without characters that show nothing: a name of those alone is none. Truncated between characters: PostgreSQL
 * refuses half of a pair.
 */
const clean = (text: string | undefined, length: number) =>
  [...visibleLine((text ?? "").replaceAll(/\p{Cs}/gu, "")).replaceAll(/\p{C}/gu, "")]
    .slice(0, length)
    .join("")
    .trim() || null;

/** BCP 47, in its shortest form. */
export const languageOf = ({ tags }: Tagged) => languageTag(clean(tags.language, 35) ?? "") ?? null;

export const titleOf = ({ tags }: Tagged): string | null => clean(tags.title, 80);

/**
 * What muxers and phones write where nobody named the track: "SoundHandler", "Core Media Audio",
 * "SoundHandle".
 */
const NAMED_BY_NOBODY = /(sound|audio|media) ?handler?$|^core media|^iso media file/i;

/** The track's title, or the name of its handler where a person set it. */
export function labelOf({ tags }: Tagged): string | null {
  const handler = NAMED_BY_NOBODY.test(tags.handler_name ?? "") ? undefined : tags.handler_name;
  return titleOf({ tags }) ?? clean(handler, 80);
}
