/** Words of the library. */
import { countIn } from "./plural.ts";
import { wordsOf } from "./words.ts";

const count = countIn("en");
const videos = (many: number) => count(many, { one: "video", other: "videos" });

const english = {
  headLines: ["Drop a video.", "We do the lifting."] as readonly string[],
  upTo: (size: string) => `up to ${size}, `,
  straight: "straight to storage",
  chooseFiles: "Choose files",
  uploadLinks: "Upload links",
  dropAnywhere: "Drop videos anywhere, or",
  stored: (size: string) => `${size} stored`,
  onTheWay: (size: string) => ` · ${size} on the way`,
  loading: "Loading your videos",
  /** `total` of an account is known; of a filter's videos only those that are loaded. */
  count: (many: number, hasMore: boolean, total?: number) => {
    if (!hasMore) return videos(many);
    return total && total > many ? videos(total) : `More than ${videos(many)}`;
  },

  search: "Search titles, file names, descriptions and tags",
  searchShort: "Search titles, descriptions, tags",
  searching: "Searching…",
  status: "Status",
  allVideos: "All videos",
  statuses: {
    pending_upload: "Uploading",
    queued: "Queued",
    processing: "Encoding",
    completed: "Ready",
    failed: "Failed",
  },
  order: "Order",
  orders: {
    newest: "Newest",
    oldest: "Oldest",
    title: "By title",
    longest: "Longest",
    largest: "Largest",
  },
  tag: "Tag",
  allTags: "All tags",
  view: "View",
  views: { grid: "Grid", list: "List" },

  nothingYet: "Nothing here yet.",
  nothingYetHelp: "Drop a video anywhere. It can be watched while it is still being encoded.",
  nothingMatches: "No videos match.",
  nothingMatchesWords: (words: string) => `No videos match “${words}”.`,
  showAll: "Show all videos",

  menuOf: (title: string) => `Menu of ${title}`,
  select: "Select",
  selectOf: (title: string) => `Select ${title}`,
  rename: "Rename",
  tags: "Tags",
  share: "Share",
  copyLink: "Copy link",
  downloadMp4: "Download MP4",
  addTags: "Add tags",

  deleted: (title: string) => `Deleted “${title}”`,
  deletedMany: (many: number) => `Deleted ${videos(many)}`,
  undo: "Undo",
  notPossible: (many: number) => `Not possible for ${videos(many)}.`,
  nowPublic: (many: number) => `${videos(many)} ${many === 1 ? "is" : "are"} now public`,
  nowPrivate: (many: number) => `${videos(many)} ${many === 1 ? "is" : "are"} now private`,
  linkOfAnyone: "Link copied. Anyone can open it.",
  linkOfOwner: "Link copied. Only you can open it.",
  noMp4: (title: string) => `There is no MP4 of “${title}” yet.`,
};

export type LibraryWords = typeof english;
export const t = wordsOf("library", english);
