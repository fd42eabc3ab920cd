import type { KeyWords } from "../keys.ts";

export const keys: KeyWords = {
  title: "API-Schlüs\u00adsel",
  help: (header, reference) => [
    "Ein Programm ruft die API mit einem Schlüssel statt mit deinem Passwort auf, im Header ",
    header,
    ". Es darf, was du hier erlaubst, und nichts an deinem Konto selbst. Alle Aufrufe stehen in ",
    reference,
    ".",
  ],
  reference: "der API-Referenz",
  newKey: "Neuer Schlüssel",
  name: "Name",
  nameRule: "Gib dem Schlüssel einen Namen.",
  scopes: "Was er darf",
  scopesRule: "Wähle mindestens eines.",
  scopesHelp: {
    "videos:read": "Videos auflisten und lesen, Änderungen verfolgen",
    "videos:write": "Videos hochladen, ändern und löschen",
    "playback:read": "Videos abspielen und herunterladen, Statistik lesen",
    "shares:write": "Links erstellen und widerrufen",
    "webhooks:write": "Webhooks verwalten",
    admin: "Verwalten: die Videos aller und alle Konten",
  },
  expires: "Läuft ab",
  lifetimes: { month: "In 30 Tagen", quarter: "In 90 Tagen", year: "In einem Jahr", never: "Nie" },
  create: "Schlüssel erstellen",
  creating: "Schlüssel wird erstellt",
  secret: "Geheimnis",
  copySecret:
    "Kopiere das Geheimnis jetzt: Hier wird nur sein Hash gespeichert, und es kann nicht noch einmal gezeigt werden.",
  keys: "Schlüssel",
  used: (ago) => ["zuletzt benutzt ", ago],
  neverUsed: "nie benutzt",
  ends: (date) => `läuft ab am ${date}`,
  ended: (date) => `abgelaufen am ${date}`,
  deleteOf: (name) => `Löschen … ${name}`,
  deletionAsk: "Diesen Schlüssel löschen?",
  deletionEnds:
    "Programme, die ihn benutzen, werden sofort abgewiesen. Das lässt sich nicht rückgängig machen.",
  delete: "Schlüssel löschen",
};
