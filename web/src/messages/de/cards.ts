import type { CardWords } from "../cards.ts";

export const cards: CardWords = {
  title: "Titel",
  enterTitle: "Gib einen Titel ein.",
  enterTag: "Gib mindestens ein Tag ein.",
  tagsHelp: "Durch Kommas getrennt, höchstens 20.",
  addTagsHelp: "Durch Kommas getrennt; jedes ausgewählte Video bekommt sie dazu.",
  save: "Speichern",
  saving: "Wird gespeichert",

  selectedVideos: "Ausgewählte Videos",
  selected: (many) => `${many} ausgewählt`,
  clear: "Aufheben",
  download: "Herunterladen",
  makePublic: "Öffentlich machen",
  makePrivate: "Privat machen",
};
