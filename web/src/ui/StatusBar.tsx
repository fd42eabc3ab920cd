/**
 * The status bar: shows a state and its next action in words, and fills with the signal colour as it
 * progresses.
 */
import { A } from "@solidjs/router";
import { type JSX, Match, Show, Switch } from "solid-js";
import { t as common } from "../messages/common.ts";
import { formatPercent } from "./format.ts";
import { Icon, type IconName } from "./Icon.tsx";

export type StatusWords = {
  tone: "signal" | "fail" | "plain";
  /** The state, as in `ENCODING 43%`. */
  left: string;
  /** The next action, as in `Watch now`, or a number, as in `38 MB/s`. */
  right?: string;
  /** Whether `right` is a number and not words. */
  figures?: boolean;
  icon?: IconName;
  /** What pressing does, for screen readers, where the text does not say it. */
  verb?: string;
  /** 0 to 1 fills the bar; left out where there is no progress. */
  fraction?: number;
};

/**
 * The whole bar is the action: a link with `href`, a button with `onPress`. `about` names the object for
 * screen readers.
 */
export function StatusBar(props: {
  words: StatusWords;
  about: string;
  href?: string | undefined;
  /** The same place has another link beside it, which takes the focus. */
  isSecondLink?: boolean;
  /** Router state for the page behind `href`. */
  state?: unknown;
  onPress?: (() => void) | undefined;
  busy?: boolean;
}): JSX.Element {
  return (
    <div
      class="relative isolate min-h-10 overflow-hidden has-focus-visible:z-10 has-focus-visible:overflow-visible"
      classList={{
        "bg-fail text-black": props.words.tone === "fail",
        "bg-paper": props.words.tone !== "fail",
      }}
    >
      <Switch fallback={<Face words={props.words} />}>
        <Match when={props.href}>
          {(href) => (
            <A
              href={href()}
              state={props.state}
              class="status-bar-act"
              tabindex={props.isSecondLink ? -1 : undefined}
            >
              <Face words={props.words} about={props.about} />
            </A>
          )}
        </Match>
        <Match when={props.onPress}>
          {(press) => (
            <button
              type="button"
              class="status-bar-act"
              aria-disabled={props.busy ?? false}
              onClick={() => press()()}
            >
              <Face words={props.words} about={props.about} />
            </button>
          )}
        </Match>
      </Switch>
      <Show when={props.words.fraction !== undefined}>
        <progress
          class="sr-only"
          max="1"
          value={props.words.fraction}
          aria-label={common("progressOf", props.about)}
        >
          {formatPercent(props.words.fraction ?? 0)}
        </progress>
      </Show>
    </div>
  );
}

/**
 * The text, and over it the same text in black, clipped to the filled part: readable on both sides in either
 * theme.
 */
function Face(props: { words: StatusWords; about?: string }): JSX.Element {
  const filled = () => (props.words.tone === "signal" ? (props.words.fraction ?? 1) : 0);
  return (
    <>
      <Line words={props.words} />
      <Show when={props.about}>
        <span class="sr-only">{`${props.words.verb ?? ""} ${props.about}`}</span>
      </Show>
      <Show when={filled() > 0}>
        <span
          aria-hidden="true"
          class="pointer-events-none absolute inset-0 bg-signal text-black"
          style={{ "clip-path": `inset(0 ${(1 - filled()) * 100}% 0 0)` }}
        >
          <Line words={props.words} />
        </span>
      </Show>
    </>
  );
}

function Line(props: { words: StatusWords }): JSX.Element {
  return (
    <span class="flex min-h-10 w-full items-center justify-between gap-3 px-3 text-left">
      <span class="label truncate">{props.words.left}</span>
      <span class="flex shrink-0 items-center gap-2">
        <Show when={props.words.right}>
          {(right) => (
            <span classList={{ label: !props.words.figures, number: props.words.figures ?? false }}>
              {right()}
            </span>
          )}
        </Show>
        <Show when={props.words.icon}>{(name) => <Icon name={name()} />}</Show>
      </span>
    </span>
  );
}
