/** What an administrator may change of a user: role, quotas, disabled, a reset link, deletion. */
import type { AdminUser } from "@storagex/contract/account";
import { useQueryClient } from "@tanstack/solid-query";
import { createSignal, type JSX, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { me } from "../api/session.ts";
import { changeUser, linkForUser } from "../api/users.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import { Reason } from "../ui/Reason.tsx";
import { DeleteUser } from "./DeleteUser.tsx";
import { OneTimeLink } from "./OneTimeLink.tsx";

const GB = 1e9;

export function ManageUser(props: { user: AdminUser }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  return (
    <>
      <button
        type="button"
        class="key"
        aria-label={`Manage ${props.user.email}`}
        onClick={() => setOpen(true)}
      >
        Manage
      </button>
      <Dialog open={open()} onOpenChange={setOpen} title="Manage user">
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
  const client = useQueryClient();
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
    await client.invalidateQueries({ queryKey: ["admin-users"] });
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
        <span class="label">Role</span>
        <select name="role" class="frame field label select min-h-12 w-full">
          <option value="user" selected={props.user.role === "user"}>
            User
          </option>
          <option value="admin" selected={props.user.role === "admin"}>
            Admin
          </option>
        </select>
      </label>
      <div class="grid items-start gap-4 sm:grid-cols-2">
        <Field
          label="Storage, GB"
          name="quota"
          type="number"
          min="0"
          step="any"
          value={props.user.quotaBytes === null ? "" : props.user.quotaBytes / GB}
          help="Empty: the default of this installation. 0: no limit."
        />
        <Field
          label="Video, minutes"
          name="minutes"
          type="number"
          min="0"
          step="1"
          value={props.user.quotaMinutes ?? ""}
          help="Empty: no limit."
        />
      </div>
      <Show when={save.failure()}>
        {(failure) => <Reason message={failure().message} code={failure().code} />}
      </Show>
      <button type="submit" class="key key-signal justify-self-start" aria-disabled={save.busy()}>
        {save.busy() ? "Saving…" : "Save"}
      </button>
    </form>
  );
}

function Link(props: { user: AdminUser }): JSX.Element {
  const [made, setMade] = createSignal<{ url: string; expiresAt: string }>();
  const make = createAct(async () => setMade(await linkForUser(props.user.id)));
  const name = () => (props.user.invited ? "invitation" : "reset link");
  return (
    <div class="grid gap-3 border-t-3 border-ink pt-5">
      <Show
        when={made()}
        fallback={
          <button type="button" class="key justify-self-start" aria-disabled={make.busy()} onClick={make.run}>
            {props.user.invited ? "New invitation" : "Reset password"}
          </button>
        }
      >
        {(link) => <OneTimeLink url={link().url} expiresAt={link().expiresAt} label={`The ${name()}`} />}
      </Show>
      <Show when={make.failure()}>
        {(failure) => <Reason message={failure().message} code={failure().code} />}
      </Show>
    </div>
  );
}

/** Not of one's own account: whoever administers would lock themselves out. */
function Access(props: { user: AdminUser; onDeleted: () => void }): JSX.Element {
  const client = useQueryClient();
  const change = createAct(async () => {
    await changeUser(props.user.id, { disabled: !props.user.disabled });
    await client.invalidateQueries({ queryKey: ["admin-users"] });
  });
  return (
    <Show when={props.user.id !== me()?.id}>
      <div class="grid gap-3 border-t-3 border-ink pt-5">
        <p class="text-small">
          {props.user.disabled
            ? "Enabled again, the account can sign in and its videos can be watched."
            : "Disabled, the account cannot sign in, its encodes stop, and nobody sees its videos. Nothing is deleted."}
        </p>
        <div class="flex flex-wrap gap-4">
          <button type="button" class="key" aria-disabled={change.busy()} onClick={change.run}>
            {props.user.disabled ? "Enable account" : "Disable account"}
          </button>
          <DeleteUser user={props.user} onDeleted={props.onDeleted} />
        </div>
        <Show when={change.failure()}>
          {(failure) => <Reason message={failure().message} code={failure().code} />}
        </Show>
      </div>
    </Show>
  );
}
