import { countIn } from "../plural.ts";
import type { UploadWords } from "../upload.ts";

const count = countIn("de");

export const upload: UploadWords = {
  title: "Uploads",
  uploads: (many) => count(many, { one: "Upload", other: "Uploads" }),
  uploaded: (many) => `${many} hochgeladen`,
  refusedMany: (many) => `${many} gestoppt`,
  show: "Anzeigen",
  hide: "Ausblenden",
  notify: "Benachrichtigen, wenn fertig",
  clearList: "Liste leeren",
  sentOf: (sent, size) => `${sent} von ${size}`,
  letGo: "Lass los.",
  closeMessage: "Meldung schließen",
  removeOf: (title) => `${title} aus dieser Liste entfernen`,

  done: {
    pending_upload: "Hochgeladen",
    queued: "Hochgeladen · wartet",
    processing: "Hochgeladen · wird kodiert",
    completed: "Fertig · Ansehen",
    failed: "Fehler · Grund ansehen",
  },
  readyToWatch: "Fertig zum Ansehen",
  encodingFailed: "Kodieren fehlgeschlagen",
  uploadRefused: "Upload abgebrochen: Die Datei ist kein abspielbares Video",

  storageAway: "Der Speicher antwortet nicht.",
  serverAway: "Der Server kann gerade nicht antworten.",
  noConnection: "Keine Verbindung.",
  goesOn: " Uploads gehen danach von selbst weiter.",
  tryingAgain: " Neuer Versuch …",
  tryNow: "Jetzt versuchen",

  cancelUpload: "Upload abbrechen",
  cancelUploadOf: (name) => `Upload von ${name} abbrechen`,

  folder: (name) => `${name} ist ein Ordner. Öffne ihn und ziehe die Videos daraus hierher.`,
  empty: (name) => `${name} ist leer.`,
  tooLarge: (name, size, limit) => `${name} ist zu groß (${size}). Erlaubt sind höchstens ${limit}.`,
  notVideo: (name) => `${name} ist kein Video. Wähle eine MP4-, MOV-, MKV-, WebM-, TS- oder AVI-Datei.`,
  alreadyUploading: (name) => `${name} wird schon hochgeladen.`,
};
