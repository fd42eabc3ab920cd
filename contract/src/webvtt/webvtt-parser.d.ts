/** The part of the W3C's WebVTT validator that a test needs; the package has no types of its own. */
declare module "webvtt-parser" {
  export class WebVTTParser {
    parse(input: string, mode: "subtitles"): { errors: { message: string; line: number }[] };
  }
}
