/** A part of the account page: a frame with its heading. */
import { createUniqueId, type JSX } from "solid-js";

export function Panel(props: { title: string; children: JSX.Element }): JSX.Element {
  const id = createUniqueId();
  return (
    <section aria-labelledby={id} class="frame grid content-start gap-5 p-4 md:p-6">
      <h2 id={id} class="headline text-large">
        {props.title}
      </h2>
      {props.children}
    </section>
  );
}
