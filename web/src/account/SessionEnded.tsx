/** Says at the sign-in page why somebody is there who was signed in. */
import { type JSX, Show } from "solid-js";
import { session } from "../api/session.ts";

export function SessionEnded(): JSX.Element {
  const hasEnded = () => {
    const now = session();
    return now.kind === "out" && now.ended === true;
  };
  return (
    <Show when={hasEnded()}>
      <p role="status" class="mb-5 border-3 border-ink bg-signal p-3 font-bold text-black">
        Your session has ended. Sign in to go on where you were; uploads wait for it.
      </p>
    </Show>
  );
}
