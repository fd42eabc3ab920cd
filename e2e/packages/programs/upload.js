/**
 * What a program does with `@storagex/client`: copied into a project and run there.
 * node upload.js URL KEY FILE [part that stands still until a line is read]; with "" as KEY by the upload link that URL is
 */
import { subscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { createClient, uploadFile } from "@storagex/client";

const [baseUrl, apiKey, file, stuck] = process.argv.slice(2);
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const partOf = (url) => Number(/\/parts\/(\d+)/.exec(url)?.[1]);

subscribe("undici:request:create", ({ request }) => {
  if (request.method === "PUT") say({ put: partOf(request.path) });
});

/** One part stands still after its first megabyte. */
const released = once(process.stdin, "data");
const realFetch = globalThis.fetch;
globalThis.fetch = (url, init) => {
  if (!stuck || init?.method !== "PUT" || partOf(url) !== Number(stuck)) return realFetch(url, init);
  let sent = 0;
  const body = init.body.pipeThrough(
    new TransformStream({
      transform(bytes, controller) {
        controller.enqueue(bytes);
        sent += bytes.length;
        return sent > 1_000_000 ? released : undefined;
      },
    }),
  );
  return realFetch(url, { ...init, body });
};

let begun = false;
const options = {
  title: "By a program",
  onProgress({ sent, videoId, token }) {
    if (!begun) say({ begins: sent, videoId, ...(token && { token }) });
    begun = true;
  },
};
const video = apiKey
  ? await uploadFile(createClient({ baseUrl, apiKey }), file, { ...options, tags: ["nightly"] })
  : await uploadFile({ url: baseUrl }, file, options);
say({ id: video.id, status: video.status });
process.stdin.destroy();
