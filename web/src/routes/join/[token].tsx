/** `/join/{token}`: an invitation, by which a new account gets its password. */
import type { JSX } from "solid-js";
import { LinkForm } from "../../account/LinkForm.tsx";
import { t } from "../../messages/entry.ts";

export default function Join(): JSX.Element {
  return (
    <LinkForm
      words={{
        title: t("join"),
        lines: t("joinLines"),
        send: t("join"),
        sending: t("joining"),
      }}
    />
  );
}
