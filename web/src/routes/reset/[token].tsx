/** `/reset/{token}`: a reset link, by which an account gets a new password. */
import type { JSX } from "solid-js";
import { LinkForm } from "../../account/LinkForm.tsx";

export default function Reset(): JSX.Element {
  return (
    <LinkForm
      words={{
        title: "New password",
        sentence: (
          <>
            Fresh start.
            <br />
            Same videos.
          </>
        ),
        send: "Set password",
        sending: "Setting the password…",
      }}
    />
  );
}
