/**
 * Reasons that name the track of a file. The API says them in English, in the words of contract/src/media/failure.ts
 * alone: the track is read from there.
 */

/** The code, what stands around the track in English, and the German of it; `{was}` is feminine, in every sentence. */
const SENTENCES: readonly [code: string, english: RegExp, german: string][] = [
  [
    "source.unsupported_codec",
    /^(.+) is in a format we do not decode\./,
    "{Was} hat ein Format, das wir nicht dekodieren. Exportiere die Datei als H.264 mit AAC, oder als HEVC, VP9 oder AV1, und lade das hoch.",
  ],
  [
    "transcoder.output_invalid",
    /^What was made of (.+) failed its checks twice/,
    "Das Ergebnis für {was} hat die Prüfung zweimal auf dieselbe Weise nicht bestanden. Exportiere die Datei noch einmal, als H.264 mit AAC, und lade die neue Kopie hoch.",
  ],
  [
    "transcoder.crashed",
    /^The encoder failed at (.+) twice/,
    "Der Encoder konnte {was} zweimal auf dieselbe Weise nicht kodieren. Exportiere die Datei noch einmal, als H.264 mit AAC, und lade die neue Kopie hoch.",
  ],
  [
    "transcoder.timeout",
    /^Encoding (.+) took longer than allowed, twice\./,
    "{Was} zu kodieren hat zweimal länger gedauert als erlaubt. Lade ein kürzeres oder ein kleineres Video hoch.",
  ],
];

const TRACK =
  /^(?:the (video|audio|text)|(video|audio|text) track (\d+)|a track of this file|this file)(?: \((.+)\))?$/i;
const TRACKS: Readonly<Record<string, string>> = { video: "Videospur", audio: "Tonspur", text: "Textspur" };

/** In German; undefined where `message` names no track, or is of another release. */
export function namedFailure(code: string, message: string): string | undefined {
  for (const [of, english, german] of SENTENCES) {
    const what = of === code ? trackIn(english.exec(message)?.[1]) : undefined;
    if (what)
      return german
        .replace("{was}", () => what)
        .replace("{Was}", () => what.charAt(0).toUpperCase() + what.slice(1));
  }
  return undefined;
}

/** `die Tonspur 3 (WavPack)` for `audio track 3 (WavPack)`. */
function trackIn(english: string | undefined): string | undefined {
  const found = TRACK.exec(english ?? "");
  if (!found) return undefined;
  const [all, only, one, number, codec] = found;
  const track = TRACKS[(only ?? one ?? "").toLowerCase()];
  const name = track
    ? `die ${track}${number ? ` ${number}` : ""}`
    : /^a track/i.test(all)
      ? "eine Spur dieser Datei"
      : "diese Datei";
  return codec ? `${name} (${codec})` : name;
}
