/** A relative time such as "2 hours ago", with the exact one on hover. */
import { createSignal, type JSX, onCleanup, onMount } from "solid-js";
import { formatAgo, formatExact } from "./format.ts";

export function Ago(props: { at: string }): JSX.Element {
  const [now, setNow] = createSignal(Date.now());
  const then = () => Date.parse(props.at);
  onMount(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    onCleanup(() => clearInterval(timer));
  });
  return (
    <time class="whitespace-nowrap" datetime={props.at} title={formatExact(then())}>
      {formatAgo(then(), now())}
    </time>
  );
}
