/** What a consumer's compiler must accept of `@storagex/client`, and what it must not. Compiled in a project. */
import { createClient, expectData, type Schemas, uploadFile, verifyWebhook } from "@storagex/client";

const client = createClient({ baseUrl: "http://127.0.0.1:3000", apiKey: "sxk_none" });
const page = expectData(
  await client.GET("/v1/videos", { params: { query: { q: "lake", status: ["completed"] } } }),
);
export const titles: string[] = page.items.map(({ title }) => title);
export const video: Schemas["VideoDetail"] = await uploadFile(client, "film.mp4", { tags: ["lake"] });
const linked: Schemas["LinkedVideo"] = await uploadFile(
  { url: "https://videos.example.org/u/sxu_none" },
  "film.mp4",
);
export const { title } = linked;
// @ts-expect-error nothing of the owner is told by a link
linked.ownerId;
// @ts-expect-error by a link no tags are said
await uploadFile({ url: "https://videos.example.org/u/sxu_none" }, "film.mp4", { tags: ["lake"] });
const event = verifyWebhook({}, "", "whsec_none");
if (event.type === "video.completed") event.data.duration?.toFixed();
// @ts-expect-error there is no such call
await client.GET("/v1/video");
// @ts-expect-error there is no such status
await client.GET("/v1/videos", { params: { query: { status: ["done"] } } });
// @ts-expect-error a deletion holds no duration
if (event.type === "video.deleted") event.data.duration;
