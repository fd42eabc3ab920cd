/** How the address of a visitor's page asks its player to behave. */

export type Wishes = {
  autoplay: boolean;
  muted: boolean;
  loop: boolean;
  /** Seconds. */
  start: number;
  controls: boolean;
  captions: boolean;
};

/** A wish without a value is true; `0` and `false` say no. */
export function readWishes(search: string): Wishes {
  const given = new URLSearchParams(search);
  const flag = (name: string, otherwise: boolean) => {
    const value = given.get(name);
    return value === null ? otherwise : !/^(0|false|no|off)$/i.test(value);
  };
  const start = Number(given.get("start") ?? given.get("t"));
  return {
    autoplay: flag("autoplay", false),
    muted: flag("muted", false),
    loop: flag("loop", false),
    start: Number.isFinite(start) && start > 0 ? start : 0,
    controls: flag("controls", true),
    captions: flag("captions", false),
  };
}
