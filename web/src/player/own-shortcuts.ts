/** The keys that vidstack does not have: theatre, and the digits for tenths of the video. */
import type { MediaPlayerElement } from "vidstack/elements";
import type { Remote } from "./remote.ts";

export function ownShortcuts(player: MediaPlayerElement, remote: Remote, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target instanceof HTMLSelectElement) return;
  if (event.key === "t") remote.setWide(!remote.isWide());
  else if (/^\d$/.test(event.key)) player.currentTime = (player.state.seekableEnd * Number(event.key)) / 10;
  else return;
  event.preventDefault();
}
