/** Reports what is played: every ten seconds and on leaving, without cookie and account. */
import type { Beat } from "@storagex/contract/sharing";

const EVERY_MS = 10_000;
/** A jump of the clock larger than this is a seek (seconds). */
const JUMP = 1.5;
/** Ranges of one report. */
const MAX_RANGES = 200;

export type Reported = {
  /** The address of the master playlist that plays, whose token says what is counted; null before it plays. */
  hls: () => string | null;
  height: () => number;
  /** The server counts no more: the right to play has ended. */
  onRefused: () => void;
  /** Ends the reports, with a last one; left out where they end with the page. */
  signal?: AbortSignal;
};

/** Starts reporting of `video`, until the page is left or `signal` aborts. */
export function reportPlaying(video: HTMLVideoElement, { hls, height, onRefused, signal }: Reported): void {
  const session = newSession();
  const place = placeOf(document.referrer);
  let played: [number, number][] = [];
  let last: number | undefined;
  let hasEnded = false;
  const [asked, tally] = [{ at: 0 }, { stalls: 0, stallMs: 0, since: 0 }];
  let startupMs: number | undefined;

  const follow = () => {
    const now = video.currentTime;
    const range = played.at(-1);
    if (last !== undefined && now > last && now - last < JUMP && !video.seeking) {
      if (range && Math.abs(range[1] - last) < 0.05) range[1] = now;
      else played.push([last, now]);
    }
    last = now;
  };
  const take = (): Beat | undefined => {
    follow();
    if (played.length === 0 && !hasEnded) return undefined;
    const waiting = tally.since > 0 ? performance.now() - tally.since : 0;
    const beat: Beat = {
      session,
      played: played.slice(-MAX_RANGES).map(([from, to]) => [round(from), round(to)]),
      ...(startupMs !== undefined && { startupMs }),
      stalls: tally.stalls,
      stallMs: Math.round(tally.stallMs + waiting),
      height: height(),
      ended: hasEnded,
      ...(place && { place }),
    };
    played = [];
    hasEnded = false;
    return asksNotToBeFollowed() ? withoutTrace(beat) : beat;
  };
  const addressOf = () => {
    const list = hls();
    return list === null ? undefined : new URL("beat", list).href;
  };
  const send = async () => {
    const [beat, url] = [take(), addressOf()];
    if (!beat || !url) return;
    const body = JSON.stringify(beat);
    const headers = { "content-type": "application/json" };
    const answer = await fetch(url, { method: "POST", body, headers, keepalive: true }).catch(
      () => undefined,
    );
    if (answer?.status === 403) onRefused();
    if (answer && answer.status < 500) return;
    // The server is away for a moment: the next report says it again.
    played = [...beat.played, ...played];
    hasEnded ||= beat.ended;
  };

  const leave = () => {
    const [beat, url] = [take(), addressOf()];
    if (beat && url)
      navigator.sendBeacon(url, new Blob([JSON.stringify(beat)], { type: "application/json" }));
  };

  const until = signal ? { signal } : {};
  const on = (type: string, act: () => void) => video.addEventListener(type, act, until);
  on("play", () => {
    asked.at ||= performance.now();
  });
  on("playing", () => {
    startupMs ??= Math.min(600_000, Math.round(performance.now() - (asked.at || performance.now())));
    if (tally.since > 0) tally.stallMs += performance.now() - tally.since;
    tally.since = 0;
    last = video.currentTime;
  });
  on("waiting", () => {
    if (startupMs === undefined || video.seeking || tally.since > 0) return;
    tally.stalls += 1;
    tally.since = performance.now();
  });
  // Waiting that somebody ends by a pause or a seek is over.
  for (const type of ["pause", "seeking"])
    on(type, () => {
      if (tally.since > 0) tally.stallMs += performance.now() - tally.since;
      tally.since = 0;
    });
  on("timeupdate", follow);
  on("seeking", () => {
    last = undefined;
  });
  on("ended", () => {
    hasEnded = true;
    void send();
  });
  // A view is seen soon after its third second.
  video.addEventListener("playing", () => setTimeout(() => void send(), 4_000), { once: true, ...until });
  const timer = setInterval(() => void send(), EVERY_MS);
  addEventListener("pagehide", leave, until);
  // A phone may end a page that is not seen without a word.
  document.addEventListener("visibilitychange", () => document.hidden && leave(), until);
  signal?.addEventListener("abort", () => {
    clearInterval(timer);
    leave();
  });
}

/** Not `crypto.randomUUID`, which pages of plain http do not have. */
const newSession = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

const round = (seconds: number) => Math.round(seconds * 100) / 100;

/** The server heeds the headers; what it would not keep is not sent, either. */
const asksNotToBeFollowed = () =>
  navigator.doNotTrack === "1" ||
  ("globalPrivacyControl" in navigator && navigator.globalPrivacyControl === true);

/** Only what was played, by nobody: the next report is another's. */
const withoutTrace = ({ played }: Beat): Beat => ({
  session: newSession(),
  ...{ played, stalls: 0, stallMs: 0, height: 0, ended: false },
});

/** The origin only: what page somebody came from is theirs. */
function placeOf(referrer: string): string | undefined {
  const origin = URL.parse(referrer)?.origin;
  return origin && origin !== location.origin ? origin.slice(0, 300) : undefined;
}
