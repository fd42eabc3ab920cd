/** What an administrator may change of a user: role, quotas, disabled, a reset link, deletion. */

import type { AdminUser } from "@storagex/contract/accounts/account";
import { createSignal, type JSX, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { queryClient } from "../api/cache.ts";
import { changeUser, linkForUser } from "../api/calls/users.ts";
import { me } from "../api/session.ts";
import { t } from "../messages/admin.ts";
import { t as common } from "../messages/common.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/form/Field.tsx";
import { ReasonOf } from "../ui/Reason.tsx";
import { DeleteUser } from "./DeleteUser.tsx";
import { OneTimeLink } from "./OneTimeLink.tsx";

const GB = 1e9;

export function ManageUser(props: { user: AdminUser }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  return (
    <>
      <button
        type="button"
        class="button"
        aria-label={t("manageOf", props.user.email)}
        onClick={() => setOpen(true)}
      >
        {t("manage")}
      </button>
      <Dialog open={open()} onOpenChange={setOpen} title={t("manageUser")}>
        <p class="mb-5 text-title leading-snug font-bold break-all">{props.user.email}</p>
        <div class="grid gap-6">
          <Settings user={props.user} onSaved={() => setOpen(false)} />
          <Link user={props.user} />
          <Access user={props.user} onDeleted={() => setOpen(false)} />
        </div>
      </Dialog>
    </>
  );
}

function Settings(props: { user: AdminUser; onSaved: () => void }): JSX.Element {
  const save = createAct(async (form: HTMLFormElement) => {
    const fields = new FormData(form);
    const number = (name: string, unit: number) => {
      const text = String(fields.get(name) ?? "").trim();
      return text === "" ? null : Math.round(Number(text) * unit);
    };
    const role = fields.get("role") === "admin" ? "admin" : "user";
    await changeUser(props.user.id, {
      ...(role !== props.user.role && { role }),
      quotaBytes: number("quota", GB),
      quotaMinutes: number("minutes", 1),
    });
    await queryClient.invalidateQueries({ queryKey: ["admin-users"] });
    props.onSaved();
  });
  return (
    <form
      class="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.run(event.currentTarget);
      }}
    >
      <label class="grid gap-2">
        <span class="label">{t("role")}</span>
        <select name="role" class="frame field label select min-h-12 w-full">
          <option value="user" selected={props.user.role === "user"}>
            {t("user")}
          </option>
          <option value="admin" selected={props.user.role === "admin"}>
            {t("roleAdmin")}
          </option>
        </select>
      </label>
      <div class="field-pair">
        <Field
          label={t("storageGb")}
          name="quota"
          type="number"
          min="0"
          step="any"
          value={props.user.quotaBytes === null ? "" : props.user.quotaBytes / GB}
          help={t("storageHelp")}
        />
        <Field
          label={t("minutes")}
          name="minutes"
          type="number"
          min="0"
          step="1"
          value={props.user.quotaMinutes ?? ""}
          help={t("minutesHelp")}
        />
      </div>
      <ReasonOf failure={save.failure()} />
      <button type="submit" class="button button-signal justify-self-start" aria-disabled={save.busy()}>
        {common(save.busy() ? "saving" : "save")}
      </button>
    </form>
  );
}

function Link(props: { user: AdminUser }): JSX.Element {
  const [made, setMade] = createSignal<{ url: string; expiresAt: string }>();
  const make = createAct(async () => setMade(await linkForUser(props.user.id)));
  return (
    <div class="grid gap-3 border-t-3 border-ink pt-5">
      <Show
        when={made()}
        fallback={
          <button
            type="button"
            class="button justify-self-start"
            aria-disabled={make.busy()}
            onClick={make.run}
          >
            {t(props.user.invited ? "newInvitation" : "resetPassword")}
          </button>
        }
      >
        {(link) => (
          <OneTimeLink
            url={link().url}
            expiresAt={link().expiresAt}
            label={t(props.user.invited ? "theInvitation" : "theResetLink")}
          />
        )}
      </Show>
      <ReasonOf failure={make.failure()} />
    </div>
  );
}

/** Not of one's own account: whoever administers would lock themselves out. */
function Access(props: { user: AdminUser; onDeleted: () => void }): JSX.Element {
  const change = createAct(async () => {
    await changeUser(props.user.id, { disabled: !props.user.disabled });
    await queryClient.invalidateQueries({ queryKey: ["admin-users"] });
  });
  return (
    <Show when={props.user.id !== me()?.id}>
      <div class="grid gap-3 border-t-3 border-ink pt-5">
        <p class="text-small">{t(props.user.disabled ? "enableHelp" : "disableHelp")}</p>
        <div class="flex flex-wrap gap-4">
          <button type="button" class="button" aria-disabled={change.busy()} onClick={change.run}>
            {t(props.user.disabled ? "enable" : "disable")}
          </button>
          <DeleteUser user={props.user} onDeleted={props.onDeleted} />
        </div>
        <ReasonOf failure={change.failure()} />
      </div>
    </Show>
  );
}
