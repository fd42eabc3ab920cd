/** Words of the page of an upload link: for whoever has the link. */
import { countIn } from "./plural.ts";
import { wordsOf } from "./words.ts";

const count = countIn("en");

const english = {
  title: "Upload a video",
  lines: ["Drop your", "video here."] as readonly string[],
  sendingLines: ["On its", "way."] as readonly string[],
  doneLines: ["It is", "here."] as readonly string[],
  failedLines: ["Not this", "one."] as readonly string[],
  refusedLines: ["Not", "now."] as readonly string[],
  unknownLines: ["Nothing", "here."] as readonly string[],
  reading: "Checking the link",
  help: "Somebody asked you for a video. It goes straight to their private storage; you need no account.",
  forTitle: (title: string) => `For: ${title}`,
  titleField: "Title (optional)",
  choose: "Choose a file",
  orDrop: "or drop it anywhere on this page",
  limit: (size: string) => `Up to ${size}`,
  left: (many: number) => count(many, { one: "upload left", other: "uploads left" }),
  until: (when: string) => `Until ${when}`,
  states: {
    busy: {
      title: "Others are uploading.",
      why: "This link allows only 5 uploads at a time. Try again when one of them is done.",
    },
    used_up: {
      title: "This link is used up.",
      why: "Its number of uploads is used up. Ask whoever sent it to you for a new one.",
    },
    expired: {
      title: "This link has expired.",
      why: "Ask whoever sent it to you for a new one.",
    },
    revoked: {
      title: "This link was revoked.",
      why: "Whoever sent it to you no longer accepts uploads with it.",
    },
    unknown: {
      title: "This link does not work.",
      why: "It may be incomplete or mistyped, or have expired long ago. Ask whoever sent it to you.",
    },
    off: {
      title: "Uploads by links are off.",
      why: "The operator of this StorageX does not allow them.",
    },
  },
  missing: (name: string, size: string) =>
    `${name} (${size}) is not completely uploaded. Choose it again to continue where it stopped.`,
  otherFile: (name: string, size: string) => `This is another file. Choose ${name} (${size}).`,
  chooseAgain: "Choose the file again",
  cancel: "Cancel the upload",
  keepOpen: "Keep this page open until everything is sent.",
  arrived: "It has arrived. You may close this page, or watch.",
  awaits: "The first seconds can be watched here soon.",
  another: "Upload another",
};

export type LinkedWords = typeof english;
export const t = wordsOf("linked", english);
