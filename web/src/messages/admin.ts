/** Words of the administration. */
import { countIn } from "./plural.ts";
import { wordsOf } from "./words.ts";

const count = countIn("en");
const videos = (many: number) => count(many, { one: "video", other: "videos" });

const english = {
  title: "Admin",
  sections: "Administration",
  overview: "Overview",
  users: "Users",
  videos: "Videos",
  notForYou: "Not for you.",
  notForYouWhy: "This page is for administrators. Your own videos are in the library.",

  queue: "Queue",
  loadingQueue: "Loading the queue",
  uploading: "Uploading",
  queued: "Queued",
  oldestQueued: (took: string) => `the oldest for ${took}`,
  nothingWaits: "nothing waits",
  encoding: "Encoding",
  stored: "Stored",
  onTheWay: (size: string) => `${size} on the way`,
  inAllAccounts: "in all accounts",
  nothingToDo: "nothing to do",
  noWorkerEncodes: "no encode running",
  realTime: (times: string, left: string) => `${times} real time · ${left}`,
  running: (many: number) => `${many} running`,
  sentOut: (many: number) => `${many} queued`,
  waiting: (many: number) => `${many} waiting`,
  /** What a task of each kind does. */
  kinds: { plan: "Read", encode: "Encode", audio: "Audio", finish: "Finish", poster: "Poster" },

  workers: "Workers",
  loadingWorkers: "Loading the workers",
  noWorker: "No worker is running. Uploads are accepted and wait until one starts.",
  goneWorkers: "Workers no longer running",
  goneSeen: "last seen",
  counts: (done: number, failed: number) => `${done} done · ${failed} failed`,
  encoder: (name: string) => `${name} encoder`,
  earlierRelease: "of an earlier release",
  live: "Live",
  draining: "Draining",
  free: "Free",
  drain: "Drain",
  drainHelp: "Finish current tasks and take no new ones",
  resume: "Resume",
  resumeHelp: "Start taking tasks again",
  drainOf: (worker: string) => `Drain ${worker}`,
  resumeOf: (worker: string) => `Resume ${worker}`,
  piece: (number: number) => `piece ${number}`,
  /** What a worker does now. */
  steps: { plan: "reading", audio: "audio", finish: "finishing", poster: "poster" },

  failures: "Failures",
  loadingFailures: "Loading failures",
  nothingFailed: "Nothing has failed.",
  retried: (many: number, left: number) => `${videos(many)} retried${left > 0 ? `, ${left} left` : ""}.`,
  retry: "Retry",
  needsFile: "Needs another file",
  retryOf: (title: string) => `Retry ${title}`,
  retryAll: "Retry all",
  retryAllWith: (code: string) => `Retry all with ${code}`,
  failedIn: { plan: "plan", encode: "encode", audio: "audio", finish: "finish", poster: "poster" },
  failedPiece: (number: number) => `encode, piece ${number}`,
  onWorker: (worker: string) => `on ${worker}`,
  attempts: (many: number) => `${many} attempts`,

  searchUsers: "Search users by e-mail or name",
  emailOrName: "E-mail or name",
  loadingUsers: "Loading users",
  noUsersMatch: (words: string) => `No users match “${words}”.`,
  usersCaption: "Users with their role, videos and storage",
  user: "User",
  role: "Role",
  joined: "Joined",
  manage: "Manage",
  manageOf: (email: string) => `Manage ${email}`,
  manageUser: "Manage user",
  disabled: "Disabled",
  invited: "Invited",
  storedOf: (used: string, quota: string) => `${used} of ${quota}`,
  /** After a number, where a table has no heads. */
  videosUnit: (many: number): string => (many === 1 ? "video" : "videos"),
  storedUnit: "stored",
  roleAdmin: "Admin",

  invite: "Invite",
  invitation: "Invitation",
  inviteSomebody: "Invite someone",
  createInvitation: "Create invitation",
  creatingInvitation: "Creating the invitation…",
  invitationLink: "Invitation link",
  storageGb: "Storage, GB",
  storageHelp: "Leave empty for this installation's default; 0 means no limit.",
  minutes: "Video, minutes",
  minutesHelp: "Leave empty for no limit.",
  newInvitation: "New invitation",
  resetPassword: "Reset password",
  theInvitation: "The invitation",
  theResetLink: "The reset link",
  enableHelp: "Once enabled, the account can sign in again, and its videos can be watched.",
  disableHelp:
    "While disabled, the account cannot sign in, its encodes stop, and nobody can see its videos. Nothing is deleted.",
  enable: "Enable account",
  disable: "Disable account",
  sendLink: (until: string) =>
    `Send this link to the person yourself. It works once, until ${until}, and is not shown again.`,
  copyLink: "Copy link",
  copied: "Copied.",
  deleteOf: (email: string) => `Delete ${email}`,
  deletionAsk: "Delete this account?",
  deletionEnds: (many: number, size: string) => {
    const what = many === 0 ? "" : ` with ${many === 1 ? "its video" : `all ${videos(many)}`} (${size})`;
    return `Removes the account${what}, and signs it out everywhere. There is no undo.`;
  },
  deleteAccount: "Delete account",

  allVideos: "All videos",
  loadingAll: "Loading all videos",
  noVideosMatch: (words: string) => `No videos match “${words}”.`,
  noVideos: "No videos here.",
  failed: "Failed",
};

export type AdminWords = typeof english;
export const t = wordsOf("admin", english);
