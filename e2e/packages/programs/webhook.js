/**
 * A program that uploads a film and is told by a webhook when it can be watched. node webhook.js URL KEY FILE
 */
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import { createClient, expectData, uploadFile, verifyWebhook } from "@storagex/client";

const [baseUrl, apiKey, file] = process.argv.slice(2);
const client = createClient({ baseUrl, apiKey: async () => apiKey });

let secret;
let forged;
const completed = Promise.withResolvers?.() ?? resolvers();
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  try {
    verifyWebhook(request.headers, body.toString().replace("film", "firm"), secret);
  } catch (error) {
    forged = error.name;
  }
  const event = verifyWebhook(request.headers, body, secret);
  response.writeHead(204).end();
  if (event.type === "video.completed") completed.resolve(event.data);
});
server.listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${server.address().port}/`;
  const made = expectData(await client.POST("/v1/webhooks", { body: { url } }));
  secret = made.secret;
  const { id } = await uploadFile(client, createReadStream(file), { title: "film", externalId: "film-1" });
  const told = await completed.promise;
  const again = await client.POST("/v1/videos", {
    body: { filename: "a.mp4", size: 1, externalId: "film-1" },
  });
  const path = { id };
  const { mp4 } = expectData(await client.GET("/v1/videos/{id}/playback", { params: { path } }));
  server.close();
  server.closeAllConnections();
  const { status, externalId } = told;
  process.stdout.write(
    JSON.stringify({ id, told: told.id, status, externalId, forged, mp4, again: again.error?.code }),
  );
});

/** Node 20 has no Promise.withResolvers. */
function resolvers() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}
