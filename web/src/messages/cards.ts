/** Words of the library that are loaded when they are asked for: forms of a card, acts on the selected ones. */
import { wordsOf } from "./words.ts";

const english = {
  title: "Title",
  enterTitle: "Enter a title.",
  enterTag: "Enter a tag.",
  tagsHelp: "Separated by commas, at most 20.",
  addTagsHelp: "Separated by commas; they are added to every selected video.",
  save: "Save",
  saving: "Saving",

  selectedVideos: "Selected videos",
  selected: (many: number) => `${many} selected`,
  clear: "Clear",
  download: "Download",
  makePublic: "Make public",
  makePrivate: "Make private",
};

export type CardWords = typeof english;
export const t = wordsOf("cards", english);
