/** Elements, made in one call: a visitor's page has no framework to wait for. */

type Attributes = Readonly<Record<string, string | boolean | undefined>>;

export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** The shapes of the dashboard's icons (`ui/Icon`). */
const SHAPES = {
  play: "M5 3l15 9-15 9z",
  pause: "M5 3h5v18H5zM14 3h5v18h-5z",
  loud: "M2 8h5l7-6v20l-7-6H2zM17 6.5c2 1.5 3 3.3 3 5.5s-1 4-3 5.5l1.8 2.4C21.5 17.9 23 15.2 23 12s-1.5-5.9-4.2-7.9z",
  mute: "M2 8h5l7-6v20l-7-6H2zM16.2 10l1.8-1.8 2 2 2-2L23.8 10l-2 2 2 2-1.8 1.8-2-2-2 2-1.8-1.8 2-2z",
  full: "M2 2h8v3.5H5.5V10H2zM14 2h8v8h-3.5V5.5H14zM2 14h3.5v4.5H10V22H2zM18.5 14H22v8h-8v-3.5h4.5z",
} as const;

export function icon(name: keyof typeof SHAPES, size: number): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({
    viewBox: "0 0 24 24",
    width: size,
    height: size,
    fill: "currentColor",
  }))
    svg.setAttribute(key, String(value));
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

/** A button with an icon; its label is its name for everybody. */
export function buttonOf(label: string, name: keyof typeof SHAPES, onClick: () => void): HTMLButtonElement {
  const button = make(
    "button",
    { type: "button", class: "bar-button", "aria-label": label, title: label },
    icon(name, 18),
  );
  button.addEventListener("click", onClick);
  return button;
}

/** Changes name and icon of a button of `buttonOf`, if they differ. */
export function rename(button: HTMLButtonElement, label: string, name: keyof typeof SHAPES): void {
  if (button.getAttribute("aria-label") === label) return;
  button.setAttribute("aria-label", label);
  button.title = label;
  button.replaceChildren(icon(name, 18));
}

/** The text with its `{names}` replaced by values. */
export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");

/** `1:02:03` or `2:03`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
