/** The title as its owner wrote it: never in capitals, which change words, and in its own direction. */
import type { JSX } from "solid-js";
import { Breakable } from "../../ui/Breakable.tsx";

/** Longer titles are set smaller: they are sentences or file names. */
const SHORT = 48;

export function VideoTitle(props: { title: string }): JSX.Element {
  return (
    <h1
      dir="auto"
      class="font-black leading-tight tracking-tight wrap-anywhere [font-stretch:112%]"
      classList={{
        "text-[1.75rem]": props.title.length <= SHORT,
        "text-title": props.title.length > SHORT,
      }}
    >
      <Breakable text={props.title} />
    </h1>
  );
}
