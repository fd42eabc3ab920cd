/** The W3C's WebVTT validator, which has no types of its own: as much of it as a test needs. */
declare module "webvtt-parser" {
  export class WebVTTParser {
    parse(input: string, mode: "subtitles"): { errors: { message: string; line: number }[] };
  }
}
