import type { LibraryWords } from "../library.ts";
import { countIn } from "../plural.ts";

const count = countIn("de");
const videos = (many: number) => count(many, { one: "Video", other: "Videos" });

export const library: LibraryWords = {
  headLines: ["Wirf ein Video rein.", "Wir machen den Rest."],
  upTo: (size) => `bis ${size}, `,
  straight: "direkt in den Speicher",
  chooseFiles: "Dateien wählen",
  uploadLinks: "Upload-Links",
  dropAnywhere: "Zieh Videos hierher, oder",
  stored: (size) => `${size} gespeichert`,
  onTheWay: (size) => ` · ${size} unterwegs`,
  loading: "Deine Videos werden geladen",
  count: (many, hasMore, total) => {
    if (!hasMore) return videos(many);
    return total && total > many ? videos(total) : `Mehr als ${videos(many)}`;
  },

  search: "Titel, Dateinamen, Beschreibungen und Tags durchsuchen",
  searchShort: "Titel, Beschreibungen, Tags",
  searching: "Sucht …",
  status: "Status",
  allVideos: "Alle Videos",
  statuses: {
    pending_upload: "Wird hochgeladen",
    queued: "Wartet",
    processing: "Wird kodiert",
    completed: "Fertig",
    failed: "Fehler",
  },
  order: "Reihenfolge",
  orders: {
    newest: "Neueste",
    oldest: "Älteste",
    title: "Nach Titel",
    longest: "Längste",
    largest: "Größte",
  },
  tag: "Tag",
  allTags: "Alle Tags",
  view: "Ansicht",
  views: { grid: "Kacheln", list: "Liste" },

  nothingYet: "Noch nichts da.",
  nothingYetHelp: "Zieh ein Video irgendwohin. Du kannst es ansehen, während es noch kodiert wird.",
  nothingMatches: "Keine passenden Videos.",
  nothingMatchesWords: (words) => `Keine Videos für „${words}“ gefunden.`,
  showAll: "Alle Videos anzeigen",

  menuOf: (title) => `Menü von ${title}`,
  select: "Auswählen",
  selectOf: (title) => `${title} auswählen`,
  rename: "Umbenennen",
  tags: "Tags",
  share: "Teilen",
  copyLink: "Link kopieren",
  downloadMp4: "MP4 herunterladen",
  addTags: "Tags hinzufügen",

  deleted: (title) => `„${title}“ gelöscht`,
  deletedMany: (many) => `${videos(many)} gelöscht`,
  undo: "Rückgängig",
  notPossible: (many) => `Bei ${count(many, { one: "Video", other: "Videos" })} nicht möglich.`,
  nowPublic: (many) => `${videos(many)} jetzt öffentlich`,
  nowPrivate: (many) => `${videos(many)} jetzt privat`,
  linkOfAnyone: "Link kopiert. Jeder kann ihn öffnen.",
  linkOfOwner: "Link kopiert. Nur du kannst ihn öffnen.",
  noMp4: (title) => `Von „${title}“ gibt es noch kein MP4.`,
};
