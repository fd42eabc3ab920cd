/** Puts a note's values into its sentence. Apart from the schemas: every page of the dashboard has it. */

/** A note's sentence, in any language, with its values in place of their names; `?` for a missing one. */
export const filledNote = (sentence: string, values: Readonly<Record<string, string>>): string =>
  sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "?");
