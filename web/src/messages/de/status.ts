import type { StatusWords } from "../status.ts";

export const status: StatusWords = {
  unfinished: "Unfertig",
  unfinishedAt: (percent) => `Unfertig ${percent}`,
  chooseFile: "Datei wählen",
  queued: "Wartet",
  inLine: (ordinal) => `${ordinal} in der Reihe`,
  encodingAt: (percent) => `Kodiert ${percent}`,
  watchNow: "Jetzt ansehen",
  ready: "Fertig",
  watch: "Ansehen",
  failed: "Fehler",
  uploadAnother: "Andere Datei",

  waiting: "Wartet",
  next: "Als Nächstes",
  offlineAt: (percent) => `Offline ${percent}`,
  resumesByItself: "Geht von selbst weiter",
  uploadingAt: (percent) => `Lädt hoch ${percent}`,
  pause: "Pause",
  pauseOf: "Pause beim Hochladen von",
  pausedAt: (percent) => `Pausiert ${percent}`,
  resume: "Weiter",
  finishing: "Gleich fertig",
  importing: "Importiert",
  importingAt: (percent) => `Importiert ${percent}`,
  uploadStopped: "Upload gestoppt",
};
