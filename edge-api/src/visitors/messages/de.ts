import type { PageWords } from "./words.ts";

export const german: PageWords = {
  notFound: "Nicht gefunden",
  nothingHere: "Hier ist nichts",
  lostFootage: "Filmriss",
  why: {
    "video.not_found": "Dieses Video gibt es nicht, oder es ist nicht öffentlich.",
    "share.not_found":
      "Dieser Link wurde widerrufen, ist abgelaufen oder enthält einen Tippfehler. Bitte die Person, die ihn geschickt hat, um einen neuen.",
    "sharing.not_allowed": "Hier werden keine Videos geteilt.",
    "playback.token_invalid": "Dieser Link ist abgelaufen. Lade die Seite neu, von der du kommst.",
  },
  password: "Passwort",
  hasPassword: "Dieses Video hat ein Passwort",
  locked: "Gesperrt",
  watch: "Ansehen",
  script: {
    notReady: "Noch nicht bereit. Es startet hier, sobald es sich abspielen lässt.",
    download: "MP4 herunterladen",
    chapters: "Kapitel",
    wrongPassword: "Falsches Passwort. Versuche es noch einmal.",
    tooManyTries: "Zu viele Versuche. Versuche es in {minutes} min noch einmal.",
    noAnswer: "Keine Antwort. Prüfe deine Verbindung und versuche es noch einmal.",
    notLoading: "Das Video lädt nicht. Prüfe deine Verbindung und lade die Seite neu.",
    notShared: "Dieses Video wird nicht mehr geteilt.",
    play: "Abspielen",
    pause: "Anhalten",
    mute: "Ton aus",
    unmute: "Ton an",
    position: "Position",
    timeOf: "{at} von {whole}",
    fullScreen: "Vollbild",
    quality: "Qualität",
    auto: "Automatisch",
    captions: "Untertitel",
    noCaptions: "Ohne Untertitel",
  },
};
