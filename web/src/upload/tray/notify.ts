/** Notifications of the browser, for whoever looks at another tab; asked for only while something is uploaded. */
import { createSignal } from "solid-js";

const isSupported = () => !import.meta.env.SSR && "Notification" in window;

const [permission, setPermission] = createSignal<NotificationPermission>(
  isSupported() ? Notification.permission : "denied",
);

/** Whether the person can still be asked. */
export const canAsk = (): boolean => permission() === "default";

export async function askToNotify(): Promise<void> {
  setPermission(await Notification.requestPermission());
}

/** Shown only while this tab is hidden; a press comes back to it and opens `path`. */
export function notify(title: string, body: string, path: string): void {
  if (permission() !== "granted" || !document.hidden) return;
  try {
    const shown = new Notification(title, { body, icon: "/favicon.svg", tag: path });
    shown.addEventListener("click", () => {
      window.focus();
      shown.close();
      window.dispatchEvent(new CustomEvent("storagex:open", { detail: path }));
    });
  } catch {
    // Phones know notifications of service workers only.
  }
}
