import type { PageWords } from "./words.ts";

export const english: PageWords = {
  notFound: "Not found",
  nothingHere: "Nothing here",
  lostFootage: "Lost footage",
  /** A private video answers as an unknown one. */
  why: {
    "video.not_found": "There is no such video, or it is not public.",
    "share.not_found":
      "This link was revoked, has expired, or is mistyped. Ask whoever sent it for a new one.",
    "sharing.not_allowed": "Videos are not shared from here.",
    "playback.token_invalid": "This link has expired. Reload the page that you came from.",
  },
  password: "Password",
  hasPassword: "This video has a password",
  locked: "Locked",
  watch: "Watch",
  script: {
    notReady: "Not ready yet. It starts here as soon as it can be played.",
    download: "Download MP4",
    chapters: "Chapters",
    wrongPassword: "Wrong password. Try again.",
    tooManyTries: "Too many tries. Try again in {minutes} min.",
    noAnswer: "No answer. Check your connection and try again.",
    notLoading: "The video does not load. Check your connection, and reload the page.",
    notShared: "This video is not shared any more.",
    play: "Play",
    pause: "Pause",
    mute: "Mute",
    unmute: "Unmute",
    position: "Position",
    timeOf: "{at} of {whole}",
    fullScreen: "Full screen",
    quality: "Quality",
    auto: "Auto",
    captions: "Captions",
    noCaptions: "No captions",
  },
};
