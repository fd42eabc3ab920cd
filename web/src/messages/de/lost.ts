import type { LostWords } from "../lost.ts";

export const lost: LostWords = {
  lostFootage: "Filmriss",
  toLibrary: "Zur Mediathek",
  notFound: "Nicht gefunden",
  nothingHere: "Hier läuft nichts.",
  nothingHereWhy:
    "Diese Adresse führt nirgendwohin. Vielleicht enthält sie einen Tippfehler, oder das Video gibt es nicht mehr.",
};
