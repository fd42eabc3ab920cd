import type { ShellWords } from "../shell.ts";

export const shell: ShellWords = {
  skip: "Zum Inhalt springen",
  home: "StorageX-Mediathek",
  main: "Hauptmenü",
  menu: "Menü",
  admin: "Admin",
  api: "API",
  newTab: "(öffnet einen neuen Tab)",
  signIn: "Anmelden",
  signOut: "Abmelden",
  signOutAgain: "Noch einmal abmelden",
  stillSignedIn: (reason) => `Du bist noch angemeldet. ${reason}`,
  accountOf: "Konto:",
  account: "Konto",
  upload: "Hochladen",
  theme: "Farbschema",
  useLight: "Helles Farbschema verwenden",
  useDark: "Dunkles Farbschema verwenden",
  language: "Sprache",
  down: "StorageX antwortet nicht. Vielleicht startet es gerade, oder das Netz ist weg.",

  lostFootage: "Filmriss",
  toLibrary: "Zur Mediathek",
  notFound: "Nicht gefunden",
  nothingHere: "Hier läuft nichts.",
  nothingHereWhy:
    "Diese Adresse führt nirgendwohin. Vielleicht enthält sie einen Tippfehler, oder das Video gibt es nicht mehr.",
};
