/** The end of one account in this tab: its uploads stop, and nothing that names its files stays for the next. */
import { clearToasts } from "../ui/toasts/toasts.ts";
import { clearRefusals } from "../upload/choose/choose-files.ts";
import { answered } from "../upload/questions.ts";
import { clearDone } from "../upload/tray/done.ts";
import { stopAll } from "../upload/uploads.ts";

export function forgetAccount(): void {
  stopAll();
  clearDone();
  clearRefusals();
  clearToasts();
  answered();
}
