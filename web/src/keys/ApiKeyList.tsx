/** The API keys of an account: what each may do, when it was used, and how to delete one. */

import { Key } from "@solid-primitives/keyed";
import type { ApiKey } from "@storagex/contract/accounts/api-keys";
import { type JSX, Show } from "solid-js";
import { deleteApiKey } from "../api/calls/keys.ts";
import { t } from "../messages/keys.ts";
import { Ago } from "../ui/Ago.tsx";
import { formatMinute } from "../ui/format.ts";
import { KeyItem } from "./KeyItem.tsx";

const SEPARATOR = "\u00a0· ";

export function ApiKeyList(props: { keys: readonly ApiKey[]; onDeleted: (id: string) => void }): JSX.Element {
  return (
    <section class="grid gap-4" aria-labelledby="keys">
      <h2 id="keys" class="headline text-large">
        {t("keys")}
      </h2>
      <ul class="grid gap-4">
        <Key each={props.keys} by="id">
          {(key) => (
            <KeyItem
              name={key().name}
              deleteOf={t("deleteOf", key().name)}
              deletionAsk={t("deletionAsk")}
              deletionEnds={t("deletionEnds")}
              deleteLabel={t("delete")}
              onDelete={() => deleteApiKey(key().id)}
              onDeleted={() => props.onDeleted(key().id)}
            >
              <About apiKey={key()} />
            </KeyItem>
          )}
        </Key>
      </ul>
    </section>
  );
}

function About(props: { apiKey: ApiKey }): JSX.Element {
  return (
    <>
      <p class="number wrap-anywhere">{props.apiKey.scopes.join(", ")}</p>
      <p class="number wrap-anywhere text-mute">
        {props.apiKey.hint}
        {SEPARATOR}
        <Show when={props.apiKey.lastUsedAt} fallback={t("neverUsed")}>
          {(at) => t("used", <Ago at={at()} />)}
        </Show>
        <Show when={props.apiKey.expiresAt}>
          {(at) => (
            <>
              {SEPARATOR}
              {t(Date.parse(at()) < Date.now() ? "ended" : "ends", formatMinute(Date.parse(at())))}
            </>
          )}
        </Show>
      </p>
    </>
  );
}
