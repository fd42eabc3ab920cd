/** The playback keys of an account: name, id, age, and how to delete one. */

import { Key } from "@solid-primitives/keyed";
import type { PlaybackKey } from "@storagex/contract/sharing";
import type { JSX } from "solid-js";
import { deletePlaybackKey } from "../api/calls/sharing.ts";
import { KeyItem } from "../keys/KeyItem.tsx";
import { t } from "../messages/sharing.ts";
import { Ago } from "../ui/Ago.tsx";

export function KeyList(props: {
  keys: readonly PlaybackKey[];
  onDeleted: (id: string) => void;
}): JSX.Element {
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
              deleteOf={t("deleteKeyOf", key().name)}
              deletionAsk={t("deletionAsk")}
              deletionEnds={t("deletionEnds")}
              deleteLabel={t("deleteKey")}
              onDelete={() => deletePlaybackKey(key().id)}
              onDeleted={() => props.onDeleted(key().id)}
            >
              <p class="number wrap-anywhere text-mute">
                {key().id} · <Ago at={key().createdAt} />
              </p>
            </KeyItem>
          )}
        </Key>
      </ul>
    </section>
  );
}
