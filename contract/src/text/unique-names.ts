/** Makes names unique. Pure. */

/** A repeated name gets a number from its second use on, and never one that equals another name. */
export function uniqueNames(names: readonly string[]): string[] {
  const all = new Set(names);
  const given = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let number = 2; given.has(own); number += 1) {
      const next = `${name} ${number}`;
      if (!all.has(next)) own = next;
    }
    given.add(own);
    return own;
  });
}
