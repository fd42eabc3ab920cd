/** An upload link as somebody has it who uploads by it: its address, which holds its token. */
import { type Client, createClient, type Schemas } from "../create-client.ts";

/** What `POST /v1/upload-links` answers; only its `url` is needed. */
export type UploadLink = Pick<Schemas["UploadLink"], "url">;

/** A client whose bearer is the link's token. Throws TypeError for another address. */
export function linkClient({ url }: UploadLink): Client {
  const [, baseUrl, token] = /^(https?:\/\/.+)\/u\/(sxu_[\w-]+)\/?$/.exec(url) ?? [];
  if (!baseUrl || !token) throw new TypeError(`${url} is no address of an upload link (…/u/sxu_…)`);
  return createClient({ baseUrl, apiKey: token });
}
