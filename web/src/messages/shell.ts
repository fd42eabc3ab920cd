/** Words of the frame of every page: header, menus, not found. */
import { wordsOf } from "./words.ts";

const english = {
  skip: "Skip to content",
  home: "StorageX library",
  main: "Main",
  menu: "Menu",
  admin: "Admin",
  api: "API",
  newTab: "(opens a new tab)",
  signIn: "Sign in",
  signOut: "Sign out",
  signOutAgain: "Sign out again",
  stillSignedIn: (reason: string) => `You are still signed in. ${reason}`,
  accountOf: "Account:",
  account: "Account",
  upload: "Upload",
  theme: "Theme",
  useLight: "Use light theme",
  useDark: "Use dark theme",
  language: "Language",
  down: "StorageX does not answer. It may be starting up, or the network is down.",

  lostFootage: "Lost footage",
  toLibrary: "To the library",
  notFound: "Not found",
  nothingHere: "Nothing plays here.",
  nothingHereWhy: "This address leads nowhere. It may be mistyped, or its video is gone.",
};

export type ShellWords = typeof english;
export const t = wordsOf("shell", english);
