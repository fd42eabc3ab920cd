/** `/reset/{token}`: a reset link, by which an account gets a new password. */
import type { JSX } from "solid-js";
import { LinkForm } from "../../account/LinkForm.tsx";
import { t } from "../../messages/entry.ts";

export default function Reset(): JSX.Element {
  return (
    <LinkForm
      words={{
        title: t("reset"),
        lines: t("resetLines"),
        send: t("setPassword"),
        sending: t("settingPassword"),
      }}
    />
  );
}
