/** Our own square icons: drawn, not typed, because some systems show ▶ and ↻ as coloured emoji. */
import type { JSX } from "solid-js";

const SHAPES = {
  play: "M5 3l15 9-15 9z",
  pause: "M5 3h5v18H5zM14 3h5v18h-5z",
  retry: "M12 3a9 9 0 1 0 9 9h-3.5A5.5 5.5 0 1 1 12 6.5V10l7-5-7-5z",
  close: "M3 5.5 5.5 3 12 9.5 18.5 3 21 5.5 14.5 12l6.5 6.5-2.5 2.5L12 14.5 5.5 21 3 18.5 9.5 12z",
  plus: "M10 3h4v7h7v4h-7v7h-4v-7H3v-4h7z",
  more: "M2 9.5h5v5H2zM9.5 9.5h5v5h-5zM17 9.5h5v5h-5z",
  check: "M3 12.5 6 9.5l4 4L18.5 5l3 3L10 19.5z",
  grid: "M2 2h9v9H2zM13 2h9v9h-9zM2 13h9v9H2zM13 13h9v9h-9z",
  menu: "M2 4h20v4H2zM2 10h20v4H2zM2 16h20v4H2z",
  sun: "M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM10.5 0h3v4.5h-3zM10.5 19.5h3V24h-3zM0 10.5h4.5v3H0zM19.5 10.5H24v3h-4.5zM2.4 4.5l2.1-2.1 3.2 3.2-2.1 2.1zM16.3 18.4l2.1-2.1 3.2 3.2-2.1 2.1zM19.5 2.4l2.1 2.1-3.2 3.2-2.1-2.1zM5.6 16.3l2.1 2.1-3.2 3.2-2.1-2.1z",
  moon: "M14 2A10 10 0 1 0 22 15.5 8 8 0 0 1 14 2z",
  loud: "M2 8h5l7-6v20l-7-6H2zM17 6.5c2 1.5 3 3.3 3 5.5s-1 4-3 5.5l1.8 2.4C21.5 17.9 23 15.2 23 12s-1.5-5.9-4.2-7.9z",
  mute: "M2 8h5l7-6v20l-7-6H2zM16.2 10l1.8-1.8 2 2 2-2L23.8 10l-2 2 2 2-1.8 1.8-2-2-2 2-1.8-1.8 2-2z",
  full: "M2 2h8v3.5H5.5V10H2zM14 2h8v8h-3.5V5.5H14zM2 14h3.5v4.5H10V22H2zM18.5 14H22v8h-8v-3.5h4.5z",
  theatre: "M1 4h22v16H1zM4.5 7.5v9h15v-9z",
  pip: "M1 3h22v8h-3.5V6.5h-15v11H10V21H1zM12 13h11v8H12z",
  settings: "M2 4.5h10V2h4v2.5h6v3h-6V10h-4V7.5H2zM2 16.5h3V14h4v2.5h13v3H9V22H5v-2.5H2z",
  user: "M7 2h10v10H7zM2 22v-8h20v8z",
  back: "M11 3 2 12l9 9 2.5-2.5L9 14h13v-4H9l4.5-4.5z",
  shrink: "M6.5 2H10v8H2V6.5h4.5zM14 2h3.5v4.5H22V10h-8zM2 14h8v8H6.5v-4.5H2zM14 14h8v3.5h-4.5V22H14z",
} as const;

export type IconName = keyof typeof SHAPES;

/** Hidden from screen readers: the element around it has the text. */
export function Icon(props: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg
      viewBox="0 0 24 24"
      width={props.size ?? 14}
      height={props.size ?? 14}
      fill="currentColor"
      aria-hidden="true"
      class="shrink-0"
    >
      <path d={SHAPES[props.name]} />
    </svg>
  );
}
