/** Words of one's own account page. */
import { countIn } from "./plural.ts";
import { wordsOf } from "./words.ts";

const count = countIn("en");
const videos = (many: number) => count(many, { one: "video", other: "videos" });

const english = {
  title: "Account",

  storage: "Storage",
  storedUnlimited: (many: number) => `stored in ${videos(many)} · no limit`,
  storedOf: (limit: string, many: number) => `of ${limit}, in ${videos(many)}`,
  stored: (size: string) => `${size} stored`,
  onTheWay: (size: string) => `${size} on the way`,
  free: (size: string) => `${size} free`,
  minutesOf: (stored: string, quota: string) => `${stored} of ${quota} of video`,
  minutes: (many: string) => `${many} min`,
  largest: "Largest videos",
  original: "original",
  encoded: "encoded",

  usage: "Last 30 days",
  usageStored: "Stored",
  usageEncoded: "Encoded",
  usageWatched: "Watched",
  usageTable: "All days as a table",
  day: "Day",

  profile: "Profile",
  role: "Role",
  name: "Name",
  saveName: "Save name",
  nameSaved: "Name saved.",

  password: "Password",
  currentPassword: "Current password",
  newPassword: "New password",
  passwordChanged: "Password changed. You are signed out on all other devices.",
  passwordWarning: "This signs you out on all other devices.",
  changePassword: "Change password",
  changingPassword: "Changing the password…",

  preferences: "Preferences",
  language: "Language",
  theme: "Theme",
  themes: { system: "System", light: "Light", dark: "Dark" },
  /** The choice of language that the browser makes. */
  ofBrowser: "As the browser",
  playbackQuality: "Playback quality",
  playbackHelp:
    "In this browser. Auto adapts to the connection; a video without this quality plays in its best one.",
  auto: "Auto",
  newVideos: "New videos",
  newVideosHelp: "Fine makes smaller files at the same quality, but takes about three times as long.",
  qualities: { fast: "Fast encoding", fine: "Fine encoding" },
  av1: "Also encode new videos as AV1",

  sessions: "Sessions",
  loadingSessions: "Loading sessions",
  showAll: (many: number) => `Show all ${many}`,
  unknownDevice: "Unknown device",
  thisDevice: "This device",
  used: "used",
  signedIn: "signed in",
  signOut: "Sign out",
  signOutOf: (device: string) => `Sign out ${device}`,
  signOutOthers: "Sign out everywhere else",
  signedOut: (device: string) => `Signed out: ${device}.`,
  signedOutOthers: "Signed out everywhere else.",

  playbackKeys: "Playback keys",
  playbackKeysHelp:
    "Let members of your own site watch your videos: the site signs a token for each of them with a key.",
  uploadLinks: "Upload links",
  uploadLinksHelp: "Others upload to your library, without an account.",
  webhooks: "Webhooks",
  webhooksHelp: "Your own server is told when something happens to your videos.",
  apiKeys: "API keys",
  apiKeysHelp: "Programs call the API with a key instead of your password.",

  deletion: "Delete this account",
  gone: "All your videos and their originals are removed, and you are signed out everywhere. There is no undo.",
  deletionAsk: "Delete this account?",
  frees: (size: string) => `This frees ${size}.`,
  deleteAccount: "Delete account",
};

export type AccountWords = typeof english;
export const t = wordsOf("account", english);
