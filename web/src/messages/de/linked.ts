import type { LinkedWords } from "../linked.ts";
import { countIn } from "../plural.ts";

const count = countIn("de");

export const linked: LinkedWords = {
  title: "Video hochladen",
  lines: ["Zieh dein", "Video her."],
  sendingLines: ["Unter-", "wegs."],
  doneLines: ["Es ist", "da."],
  failedLines: ["Dieses", "nicht."],
  refusedLines: ["Jetzt", "nicht."],
  unknownLines: ["Hier ist", "nichts."],
  reading: "Der Link wird geprüft",
  help: "Jemand hat dich um ein Video gebeten. Es geht direkt in dessen privaten Speicher; du brauchst kein Konto.",
  forTitle: (title) => `Für: ${title}`,
  titleField: "Titel (optional)",
  choose: "Datei wählen",
  orDrop: "oder zieh sie irgendwo auf diese Seite",
  limit: (size) => `Bis ${size}`,
  left: (many) => count(many, { one: "Upload übrig", other: "Uploads übrig" }),
  until: (when) => `Bis ${when}`,
  states: {
    busy: {
      title: "Andere laden gerade hoch.",
      why: "Mit diesem Link sind nur 5 Uploads zugleich möglich. Versuche es wieder, wenn einer fertig ist.",
    },
    used_up: {
      title: "Dieser Link ist verbraucht.",
      why: "Alle seine Uploads sind verbraucht. Bitte um einen neuen, wer ihn dir geschickt hat.",
    },
    expired: {
      title: "Dieser Link ist abgelaufen.",
      why: "Bitte um einen neuen, wer ihn dir geschickt hat.",
    },
    revoked: {
      title: "Dieser Link wurde widerrufen.",
      why: "Wer ihn dir geschickt hat, nimmt darüber keine Uploads mehr an.",
    },
    unknown: {
      title: "Dieser Link führt nirgendwohin.",
      why: "Vielleicht ist er unvollständig oder vertippt, oder er gilt schon lange nicht mehr. Frage, wer ihn dir geschickt hat.",
    },
    off: {
      title: "Uploads über Links sind aus.",
      why: "Wer dieses StorageX betreibt, lässt sie nicht zu.",
    },
  },
  missing: (name, size) =>
    `${name} (${size}) ist noch nicht vollständig hochgeladen. Wähle die Datei noch einmal, dann geht es weiter, wo es aufgehört hat.`,
  otherFile: (name, size) => `Das ist eine andere Datei. Wähle ${name} (${size}).`,
  chooseAgain: "Datei noch einmal wählen",
  cancel: "Upload abbrechen",
  keepOpen: "Lass diese Seite offen, bis alles gesendet ist.",
  arrived: "Es ist angekommen. Du kannst diese Seite schließen oder zusehen.",
  awaits: "Die ersten Sekunden sind hier bald zu sehen.",
  another: "Noch eines hochladen",
};
