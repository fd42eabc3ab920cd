/** Words about who watched a video. */
import { countIn } from "./plural.ts";
import { wordsOf } from "./words.ts";

const count = countIn("en");

const english = {
  audience: "Audience",
  loading: "Loading the audience",
  period: "Period",
  periods: [
    ["7", "7 days"],
    ["30", "30 days"],
    ["90", "90 days"],
    ["365", "A year"],
  ] as readonly (readonly [string, string])[],
  nobody: "Nobody has watched in this period.",
  nobodyWhy: "Share the video, or show it on a page. What is played appears here within half a minute.",
  views: (many: number) => count(many, { one: "view", other: "views" }),
  viewsWord: (many: number): string => (many === 1 ? "View" : "Views"),
  viewersWord: (many: number): string => (many === 1 ? "Viewer" : "Viewers"),
  watched: "Watched",
  perView: "Per view",
  toTheEnd: "To the end",

  retention: "Audience retention",
  retentionHelp: "share of all views that played each point · press to play",
  retentionAt: (clock: string, percent: string) => `${clock} · ${percent} of views`,
  retentionSlider: "Audience retention: points of the video",

  byDay: "Views by day",
  firstViews: "a viewer's first",
  moreViews: "again",

  startup: "Startup time",
  startupHelp: "from pressing play to the first frame",
  half: (time: string) => `half within ${time}`,
  nearlyAll: (time: string) => `95% within ${time}`,
  startupUnknown: "No startup time was measured.",
  buffering: "Buffering",
  bufferingOf: (percent: string) => `${percent} of the time`,

  devices: "Devices",
  kinds: { desktop: "Computer", phone: "Phone", tablet: "Tablet", tv: "TV", other: "Other" },
  places: "Places",
  placesHelp: "sites that showed the player or led to it",
  elsewhere: "Direct or unknown",

  asTable: "Show as table",
  heads: {
    day: "Day",
    views: "Views",
    viewers: "Viewers",
    watched: "Watched",
    from: "From",
    share: "Views",
  },
};

export type AudienceWords = typeof english;
export const t = wordsOf("audience", english);
