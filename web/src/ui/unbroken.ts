/** A fact of several words, such as a date, that is not divided between two lines. */
export const unbroken = (fact: string): string => fact.replaceAll(" ", "\u00a0");
