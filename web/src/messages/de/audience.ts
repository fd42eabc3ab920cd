import type { AudienceWords } from "../audience.ts";
import { countIn } from "../plural.ts";

const count = countIn("de");

export const audience: AudienceWords = {
  audience: "Publikum",
  loading: "Publikum wird geladen",
  period: "Zeitraum",
  periods: [
    ["7", "7 Tage"],
    ["30", "30 Tage"],
    ["90", "90 Tage"],
    ["365", "Ein Jahr"],
  ],
  nobody: "In diesem Zeitraum hat niemand zugesehen.",
  nobodyWhy:
    "Teile das Video oder zeige es auf einer Seite. Was abgespielt wird, erscheint hier nach spätestens einer halben Minute.",
  views: (many) => count(many, { one: "Aufruf", other: "Aufrufe" }),
  viewsWord: (many) => (many === 1 ? "Aufruf" : "Aufrufe"),
  viewersWord: () => "Zu\u00adschauer",
  watched: "Gesehen",
  perView: "Je Aufruf",
  toTheEnd: "Bis zum Ende",

  retention: "Zuschauerbindung",
  retentionHelp: "Anteil der Aufrufe, die eine Stelle abgespielt haben · Drücken spielt ab da",
  retentionAt: (clock, percent) => `${clock} · ${percent} der Aufrufe`,
  retentionSlider: "Zuschauerbindung: Stellen des Videos",

  byDay: "Aufrufe je Tag",
  firstViews: "der erste eines Zuschauers",
  moreViews: "noch einmal",

  startup: "Startzeit",
  startupHelp: "vom Drücken auf Abspielen bis zum ersten Bild",
  half: (time) => `die Hälfte in ${time}`,
  nearlyAll: (time) => `95\u00a0% in ${time}`,
  startupUnknown: "Es wurde keine Startzeit gemessen.",
  buffering: "Puffern",
  bufferingOf: (percent) => `${percent} der Zeit`,

  devices: "Geräte",
  kinds: { desktop: "Computer", phone: "Telefon", tablet: "Tablet", tv: "Fernseher", other: "Anderes" },
  places: "Orte",
  placesHelp: "Seiten, die den Player zeigten oder zu ihm führten",
  elsewhere: "Direkt oder unbekannt",

  asTable: "Als Tabelle zeigen",
  heads: {
    day: "Tag",
    views: "Aufrufe",
    viewers: "Zuschauer",
    watched: "Gesehen",
    from: "Ab",
    share: "Aufrufe",
  },
};
