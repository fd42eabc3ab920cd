/** Names of which no two are the same. Pure. */

/** A name that stands more than once gets a number after its first time, and none that is anybody else's name. */
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
