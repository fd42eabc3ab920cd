/** The cross of an upload. */
import type { JSX } from "solid-js";
import { t } from "../../messages/upload.ts";
import { Icon } from "../../ui/Icon.tsx";

export function CancelUpload(props: { name: string; onPress: () => void }): JSX.Element {
  return (
    <button
      type="button"
      class="-mt-3 -mr-3 grid size-11 shrink-0 place-items-center hover:bg-ink hover:text-paper"
      aria-label={t("cancelUploadOf", props.name)}
      title={t("cancelUpload")}
      onClick={() => props.onPress()}
    >
      <Icon name="close" />
    </button>
  );
}
