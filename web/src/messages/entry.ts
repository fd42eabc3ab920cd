/** Words of the pages by which one comes in: signing in, a new account, setup, invitation, reset. */
import type { JSX } from "solid-js";
import { wordsOf } from "./words.ts";

const english = {
  steps: [
    "Drop a file, however large. It goes straight to private storage.",
    "Watch within seconds, while the rest is still being encoded.",
    "Lost the network? It picks up where it stopped.",
  ] as readonly string[],

  signIn: "Sign in",
  signingIn: "Signing in…",
  signInLines: ["Your videos", "are waiting."] as readonly string[],
  newHere: "New here?",
  forgotten: "Forgot your password?",
  forgottenHelp: (command: JSX.Element): JSX.Element => [
    "Ask an administrator for a reset link. If you are the administrator, run ",
    command,
    " on the server.",
  ],
  signInToSee: "Sign in to see the page you asked for.",
  sessionEnded: "Your session has ended. Sign in to carry on where you were; your uploads are waiting.",

  createAccount: "Create account",
  creatingAccount: "Creating your account…",
  createLines: ["Drop it.", "Watch it.", "Keep it yours."] as readonly string[],
  haveAccount: "Have one already?",

  setup: "First administrator",
  setupLines: ["It runs.", "It is yours."] as readonly string[],
  setupTokenMissing:
    "The token of the setup link is missing. Copy the whole link that StorageX printed when it started.",
  setupLinkCut: "The setup link is incomplete. Copy all of it.",
  createAdministrator: "Create administrator",
  creatingAdministrator: "Creating the administrator…",

  join: "Join",
  joining: "Joining…",
  joinLines: ["You are", "invited."] as readonly string[],
  reset: "New password",
  resetLines: ["Fresh start.", "Same videos."] as readonly string[],
  setPassword: "Set password",
  settingPassword: "Setting the password…",
  readingLink: "Checking the link",
  deadLinkLines: ["This link", "has ended."] as readonly string[],
  linkFor: (email: JSX.Element): JSX.Element => ["For ", email],
  changeOver: (email: JSX.Element): JSX.Element => [
    "You are signed in as ",
    email,
    ". This link switches to the other account.",
  ],

  email: "E-mail",
  password: "Password",
  passwordHelp: "At least 10 characters. A short phrase works well.",
  nameOptional: "Name (optional)",
  hide: "Hide",
  show: "Show",
  hideField: (label: string) => `Hide ${label.toLowerCase()}`,
  showField: (label: string) => `Show ${label.toLowerCase()}`,

  fillIn: "Fill this in.",
  notEmail: "This is not an e-mail address.",
  enter: {
    name: "Enter a name.",
    email: "Enter your e-mail address.",
    password: "Enter your password.",
    currentPassword: "Enter your current password.",
    newPassword: "Enter a new password.",
  } as Readonly<Record<string, string>>,
  samePassword: "Choose one that differs from the current password.",
  /** A rule of the field `name` that was not kept; `message` is the API's own, in English. */
  refused: (_name: string, message: string) =>
    `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, "")}.`,
};

export type EntryWords = typeof english;
export const t = wordsOf("entry", english);
