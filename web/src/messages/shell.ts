/** Words of the frame of every page: header, menus, what fails of it. */
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
  outdated: "StorageX was updated, or cannot be reached. Reload this page.",
  reload: "Reload",
  down: "StorageX does not answer. It may be starting up, or the network is down.",
};

export type ShellWords = typeof english;
export const t = wordsOf("shell", english);
