/** Words of the page where upload links are made and revoked. */
import { wordsOf } from "./words.ts";

const english = {
  title: "Upload links",
  help: "Anyone with a link can upload to your library without an account, and sees nothing else of it. Their videos count towards your storage.",
  newLink: "New link",
  videoTitle: "Title of the video (optional)",
  videoTitleHelp: "Left empty, whoever uploads may choose it",
  uploads: "Uploads",
  uploadsRule: "Enter a number from 1 to 1,000.",
  expires: "Expires",
  lives: ["In an hour", "In a day", "In 3 days", "In a week"] as readonly string[],
  size: "Largest file in GB (optional)",
  sizeRule: "Enter a size above 0.",
  tags: "Tags (optional)",
  tagsHelp: "Separated by commas",
  externalId: "External id (optional)",
  externalIdHelp: "Your own id of the video; only for one upload",
  externalIdRule: "Only a link for one upload can have an external id.",
  create: "Create link",
  creating: "Creating the link",
  links: "Your links",
  link: "Link",
  untitled: "Upload link",
  used: (used: string, of: string) => `${used} of ${of} used`,
  ends: (date: string) => `expires ${date}`,
  ended: (date: string) => `expired ${date}`,
  upTo: (size: string) => `up to ${size}`,
  revokeDots: "Revoke…",
  revokeOf: (title: string) => `Revoke the link ${title}…`,
  revokeAsk: "Revoke this link?",
  revokeEnds:
    "Nobody can upload with it any more, and uploads in progress are cancelled. What was uploaded stays.",
  revoke: "Revoke link",
};

export type UploadLinkWords = typeof english;
export const t = wordsOf("uploadLinks", english);
