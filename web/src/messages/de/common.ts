import type { CommonWords } from "../common.ts";

export const common: CommonWords = {
  retry: "Wiederholen",
  importFromUrl: "Von URL importieren",
  cancel: "Abbrechen",
  save: "Speichern",
  saving: "Wird gespeichert …",
  delete: "Löschen",
  deleteAsk: "Löschen …",
  deleting: "Wird gelöscht …",
  close: "Schließen",
  showMore: "Mehr anzeigen",
  showLess: "Weniger anzeigen",
  loadingMore: "Weitere werden geladen …",
  notices: "Hinweise",
  closeNotice: "Hinweis schließen",
  linkNotShown:
    "Dieser Link gilt weiter, kann hier aber nicht mehr angezeigt werden: Ein Signaturschlüssel des Servers wurde entfernt.",
  progressOf: (about) => `Fortschritt von ${about}`,
  pageTitle: (page) => `${page} · StorageX`,
  library: "Mediathek",
  administrator: "Administrator",
  user: "Nutzer",

  pageFailed:
    "Auf dieser Seite ist etwas schiefgegangen. Lade sie neu; passiert es wieder, melde, was du getan hast.",
  unexplained: (status) =>
    `Der Server hat mit ${status} geantwortet, ohne einen Grund zu nennen. Versuche es gleich noch einmal.`,
  unreachable: "Der Server antwortet nicht. Prüfe die Verbindung und versuche es noch einmal.",
  signInFirst: "Melde dich zuerst an.",
};
