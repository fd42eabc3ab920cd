import type { EntryWords } from "../entry.ts";

export const entry: EntryWords = {
  steps: [
    "Zieh eine Datei hierher, egal wie groß. Sie geht direkt in privaten Speicher.",
    "Sieh sie nach Sekunden an, während der Rest noch kodiert wird.",
    "Netz weg? Der Upload macht weiter, wo er war.",
  ],

  signIn: "Anmelden",
  signingIn: "Du wirst angemeldet …",
  signInLines: ["Deine Videos", "warten."],
  newHere: "Neu hier?",
  forgotten: "Passwort vergessen?",
  forgottenHelp: (command) => [
    "Bitte einen Administrator um einen Link zum Zurücksetzen. Bist du selbst der Administrator, führe auf dem Server ",
    command,
    " aus.",
  ],
  signInToSee: "Melde dich an, um die gewünschte Seite zu sehen.",
  sessionEnded:
    "Deine Sitzung ist abgelaufen. Melde dich an und mach weiter, wo du warst; deine Uploads warten.",

  createAccount: "Konto anlegen",
  creatingAccount: "Dein Konto wird angelegt …",
  createLines: ["Hochladen.", "Ansehen.", "Behalten."],
  haveAccount: "Du hast schon eins?",

  setup: "Erster Administrator",
  setupLines: ["Es läuft.", "Es gehört dir."],
  setupTokenMissing:
    "Das Token des Einrichtungslinks fehlt. Kopiere den ganzen Link, den StorageX beim Start ausgegeben hat.",
  setupLinkCut: "Der Einrichtungslink ist unvollständig. Kopiere ihn ganz.",
  createAdministrator: "Administrator anlegen",
  creatingAdministrator: "Der Administrator wird angelegt …",

  join: "Beitreten",
  joining: "Dein Konto wird angelegt …",
  joinLines: ["Du bist", "eingeladen."],
  reset: "Neues Passwort",
  resetLines: ["Neuer Anfang.", "Alte Videos."],
  setPassword: "Passwort festlegen",
  settingPassword: "Das Passwort wird festgelegt …",
  readingLink: "Der Link wird geprüft",
  deadLinkLines: ["Dieser Link", "gilt nicht."],
  linkFor: (email) => ["Für ", email],
  changeOver: (email) => ["Du bist als ", email, " angemeldet. Mit diesem Link wechselst du das Konto."],

  email: "E-Mail",
  password: "Passwort",
  passwordHelp: "Mindestens 10 Zeichen. Gut ist ein kurzer Satz.",
  nameOptional: "Name (optional)",
  hide: "Verbergen",
  show: "Anzeigen",
  hideField: (label) => `${label} verbergen`,
  showField: (label) => `${label} anzeigen`,

  fillIn: "Fülle dieses Feld aus.",
  notEmail: "Das ist keine E-Mail-Adresse.",
  enter: {
    name: "Gib einen Namen ein.",
    email: "Gib deine E-Mail-Adresse ein.",
    password: "Gib dein Passwort ein.",
    currentPassword: "Gib dein aktuelles Passwort ein.",
    newPassword: "Gib ein neues Passwort ein.",
  },
  samePassword: "Wähle eins, das sich vom aktuellen unterscheidet.",
  refused: (name) =>
    /password/i.test(name)
      ? "Verwende mindestens 10 Zeichen und höchstens 72 Byte (Umlaute und Emojis zählen mehr als eins)."
      : name === "name"
        ? "Verwende 1 bis 100 Zeichen."
        : "Dieser Wert passt nicht.",
};
