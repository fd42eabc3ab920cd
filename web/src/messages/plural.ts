/** Counted things, by the plural rules of the language that they are said in. */

type Forms = Readonly<Record<"one" | "other", string>> &
  Partial<Readonly<Record<Intl.LDMLPluralRule, string>>>;

/** `count(3, { one: "video", other: "videos" })` is "3 videos"; numbers are written as `locale` writes them. */
export function countIn(locale: string): (count: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (count, forms) => `${numbers.format(count)} ${forms[rules.select(count)] ?? forms.other}`;
}
