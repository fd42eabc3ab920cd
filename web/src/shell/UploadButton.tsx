/** The header's upload button. */
import type { JSX } from "solid-js";
import { Icon } from "../ui/Icon.tsx";
import { chooseFiles } from "../upload/choose.ts";

export default function UploadButton(): JSX.Element {
  return (
    <button type="button" class="key key-signal max-sm:w-11 max-sm:p-0" onClick={chooseFiles}>
      <Icon name="plus" size={12} />
      <span class="max-sm:sr-only">Upload</span>
    </button>
  );
}
