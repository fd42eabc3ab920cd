import type { QuestionWords } from "../questions.ts";

export const questions: QuestionWords = {
  cancelUpload: "Upload abbrechen",
  questions: {
    "other-file": "Eine andere Datei",
    again: "Schon hochgeladen",
    cancel: "Diesen Upload abbrechen?",
    "sign-out": "Beim Hochladen abmelden?",
  },
  url: "URL des Videos",
  urlHelp:
    "Der Datei selbst, nicht einer Seite, die sie zeigt. Der Server holt sie: Du kannst diese Seite schließen.",
  enterUrl: "Gib eine URL ein.",
  notUrl: "Das ist keine URL. Sie beginnt mit https://.",
  import: "Importieren",
  importing: "Startet",
  isNot: (file, size, expected, expectedSize) => [
    file,
    ` (${size}) ist nicht `,
    expected,
    ` (${expectedSize}), oder sie wurde seitdem geändert. Als neues Video hochladen?`,
  ],
  chooseAnother: "Andere Datei wählen",
  uploadAsNew: "Als neues Video hochladen",
  inLibrary: "Schon in deiner Mediathek:",
  doNotUpload: "Nicht hochladen",
  uploadAgain: "Noch einmal hochladen",
  cancelWarning: (sent, size) => `${sent} von ${size} sind hochgeladen und werden gelöscht.`,
  keepUploading: "Weiter hochladen",
  signOutWarning:
    "Deine Uploads halten an. Was gesendet ist, bleibt 24 Stunden: Melde dich wieder an und wähle dieselben Dateien, dann geht es weiter.",
  staySignedIn: "Angemeldet bleiben",
  signOut: "Abmelden",
  unreadable: "Die Datei wurde nach der Auswahl geändert oder verschoben. Wähle sie noch einmal.",
  storageRefused:
    "Der Speicher hat die Daten nicht angenommen. Versuche es noch einmal; was angekommen ist, wird nicht doppelt gesendet.",
};
