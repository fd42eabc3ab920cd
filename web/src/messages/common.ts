/** Words that several areas share: buttons, notices, failures of any call. */
import { wordsOf } from "./words.ts";

const english = {
  retry: "Retry",
  importFromUrl: "Import from a URL",
  cancel: "Cancel",
  save: "Save",
  saving: "Saving…",
  delete: "Delete",
  deleteAsk: "Delete…",
  deleting: "Deleting…",
  close: "Close",
  showMore: "Show more",
  showLess: "Show less",
  loadingMore: "Loading more…",
  notices: "Notices",
  closeNotice: "Close this notice",
  linkNotShown:
    "This link still works, but its URL can no longer be shown: a signing key was removed on the server.",
  progressOf: (about: string) => `Progress of ${about}`,
  pageTitle: (page: string) => `${page} · StorageX`,
  library: "Library",
  administrator: "Administrator",
  user: "User",

  pageFailed: "Something went wrong on this page. Reload it; if it happens again, report what you did.",
  unexplained: (status: number) => `The server answered ${status} without saying why. Try again in a moment.`,
  unreachable: "The server does not answer. Check the connection and try again.",
  signInFirst: "Sign in first.",
};

export type CommonWords = typeof english;
export const t = wordsOf("common", english);
