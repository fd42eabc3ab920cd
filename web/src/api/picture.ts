/** An image that may not load: it is left out, and tried again with a fresh URL and when the network is back. */
import { type Accessor, createEffect, createSignal, on } from "solid-js";
import { reachable } from "./network.ts";

export function createPicture(url: Accessor<string | null>) {
  const [broken, setBroken] = createSignal(false);
  createEffect(on([url, reachable], () => setBroken(false), { defer: true }));
  return { shown: () => (broken() ? null : url()), onError: () => setBroken(true) };
}
