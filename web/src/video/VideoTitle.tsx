/** The title as its owner wrote it: never in capitals, which change words, and in its own direction. */
import { For, type JSX } from "solid-js";

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
      {/* Many titles are file names: line breaks after underscores are better than anywhere. */}
      <For each={props.title.split(/(?<=_)/)}>
        {(part) => (
          <>
            {part}
            <wbr />
          </>
        )}
      </For>
    </h1>
  );
}
