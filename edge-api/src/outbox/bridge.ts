/** Posts to the bridge, with a token signed for exactly this call. */
import { signServiceToken } from "@storagex/contract/tasks/service-token";
import type { Config } from "../config.ts";
import { keysOf } from "../keys/signing-keys.ts";

const POST_MS = 8_000;

/** The bridge's answer, once the broker has confirmed every message. Throws an Error for any other. */
export async function postToBridge(config: Config, path: string, message: unknown): Promise<unknown> {
  const url = new URL(config.BRIDGE_URL + path);
  const body = JSON.stringify(message);
  const { signer } = await keysOf(config);
  const token = await signServiceToken(signer, { method: "POST", path: url.pathname, body });
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(POST_MS),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`the bridge answered ${response.status}`);
  }
  return response.json();
}
