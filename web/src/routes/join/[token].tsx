/** `/join/{token}`: an invitation, by which a new account gets its password. */
import type { JSX } from "solid-js";
import { LinkForm } from "../../account/LinkForm.tsx";

export default function Join(): JSX.Element {
  return (
    <LinkForm
      words={{
        title: "Join",
        sentence: (
          <>
            You are
            <br />
            invited.
          </>
        ),
        send: "Join",
        sending: "Joining…",
      }}
    />
  );
}
