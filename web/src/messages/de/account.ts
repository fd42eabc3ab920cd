import type { AccountWords } from "../account.ts";
import { countIn } from "../plural.ts";

const count = countIn("de");
const videos = (many: number) => count(many, { one: "Video", other: "Videos" });

export const account: AccountWords = {
  title: "Konto",

  storage: "Speicher",
  storedUnlimited: (many) => `gespeichert in ${videos(many)} · ohne Limit`,
  storedOf: (limit, many) => `von ${limit}, in ${videos(many)}`,
  stored: (size) => `${size} gespeichert`,
  onTheWay: (size) => `${size} unterwegs`,
  free: (size) => `${size} frei`,
  minutesOf: (stored, quota) => `${stored} von ${quota} Video`,
  minutes: (many) => `${many} min`,
  largest: "Größte Videos",
  original: "Original",
  encoded: "kodiert",

  usage: "Letzte 30 Tage",
  usageStored: "Gespeichert",
  usageEncoded: "Kodiert",
  usageWatched: "Angesehen",
  usageTable: "Alle Tage als Tabelle",
  day: "Tag",

  profile: "Profil",
  role: "Rolle",
  name: "Name",
  saveName: "Namen speichern",
  nameSaved: "Name gespeichert.",

  password: "Passwort",
  currentPassword: "Aktuelles Passwort",
  newPassword: "Neues Passwort",
  passwordChanged: "Passwort geändert. Auf allen anderen Geräten bist du abgemeldet.",
  passwordWarning: "Damit wirst du auf allen anderen Geräten abgemeldet.",
  changePassword: "Passwort ändern",
  changingPassword: "Das Passwort wird geändert …",

  preferences: "Einstellungen",
  language: "Sprache",
  theme: "Farbschema",
  themes: { system: "System", light: "Hell", dark: "Dunkel" },
  ofBrowser: "Wie im Browser",
  playbackQuality: "Wiedergabequalität",
  playbackHelp:
    "Gilt in diesem Browser. „Automatisch“ passt sich der Verbindung an; ein Video ohne diese Qualität läuft in seiner besten.",
  auto: "Automatisch",
  newVideos: "Neue Videos",
  newVideosHelp: "„Fein“ macht kleinere Dateien bei gleicher Qualität, dauert aber etwa dreimal so lange.",
  qualities: { fast: "Schnell kodieren", fine: "Fein kodieren" },
  av1: "Neue Videos auch als AV1 kodieren",

  sessions: "Sitzungen",
  loadingSessions: "Sitzungen werden geladen",
  showAll: (many) => `Alle ${many} anzeigen`,
  unknownDevice: "Unbekanntes Gerät",
  thisDevice: "Dieses Gerät",
  used: "zuletzt benutzt:",
  signedIn: "angemeldet:",
  signOut: "Abmelden",
  signOutOf: (device) => `Abmelden: ${device}`,
  signOutOthers: "Andere Geräte abmelden",
  signedOut: (device) => `Abgemeldet: ${device}.`,
  signedOutOthers: "Andere Geräte abgemeldet.",

  playbackKeys: "Wieder\u00adgabe\u00adschlüs\u00adsel",
  playbackKeysHelp:
    "Zeig deine Videos den Mitgliedern deiner eigenen Website: Sie signiert für jedes Mitglied ein Token mit einem Schlüssel.",
  uploadLinks: "Upload-Links",
  uploadLinksHelp: "Andere laden ohne Konto in deine Mediathek hoch.",
  webhooks: "Webhooks",
  webhooksHelp: "Dein eigener Server erfährt, wenn sich an deinen Videos etwas tut.",
  apiKeys: "API-Schlüs\u00adsel",
  apiKeysHelp: "Programme rufen die API mit einem Schlüssel statt mit deinem Passwort auf.",

  deletion: "Dieses Konto löschen",
  gone: "Alle deine Videos und ihre Originale werden entfernt, und du wirst überall abgemeldet. Das lässt sich nicht rückgängig machen.",
  deletionAsk: "Dieses Konto löschen?",
  frees: (size) => `Dadurch werden ${size} frei.`,
  deleteAccount: "Konto löschen",
};
