/** API calls for videos; each returns parsed shapes of the contract or throws ApiError. */
import type { CaptionsRequest } from "@storagex/contract/videos/captions";
import type { UpdateRequest, Video, VideoPage } from "@storagex/contract/videos/video";
import type { BulkRequest } from "@storagex/contract/videos/video-bulk";
import type { VideoSort, VideoStatus } from "@storagex/contract/videos/video-statuses";
import { tags, videoPage } from "../../answers/library.ts";
import { api, read, settle } from "../client.ts";

type Answers = typeof import("../../answers/video.ts");
/** Loaded beside the first call that needs it: the library's list does without. */
const answer = async <N extends keyof Answers>(name: N): Promise<Answers[N]> =>
  (await import("../../answers/video.ts"))[name];

/** What a list shows, and in which order; tags: all of them. Without a part: everything, newest first. */
export type Filter = { status?: VideoStatus; q?: string; tags?: string[]; sort?: VideoSort };

const PAGE_SIZE = "24";
const LARGEST_PAGE = "100";

const pageQuery = (filter: Filter, cursor: string | null, limit = PAGE_SIZE) => ({
  limit,
  ...(cursor ? { cursor } : {}),
  ...(filter.status ? { status: filter.status } : {}),
  ...(filter.q ? { q: filter.q } : {}),
  ...(filter.tags ? { tag: filter.tags } : {}),
  ...(filter.sort ? { sort: filter.sort } : {}),
});

export const listVideos = (filter: Filter, cursor: string | null) =>
  read(videoPage, api.v1.videos.$get({ query: pageQuery(filter, cursor) }));

/** Every video that matches, page after page: for callers that must not miss one. */
export async function listAllVideos(filter: Filter): Promise<Video[]> {
  const videos: Video[] = [];
  let cursor: string | null = null;
  do {
    const query = pageQuery(filter, cursor, LARGEST_PAGE);
    const page: VideoPage = await read(videoPage, api.v1.videos.$get({ query }));
    videos.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return videos;
}

export const getVideo = (id: string) =>
  read(answer("videoDetail"), api.v1.videos[":id"].$get({ param: { id } }));

/**
 * Changes the title or chooses the poster. With `revision` only while the video still has it; otherwise
 * ApiError `request.changed_meanwhile`.
 */
export const updateVideo = (id: string, changes: UpdateRequest, revision?: number) => {
  const header = revision === undefined ? {} : { "if-match": `"${revision}"` };
  return read(answer("video"), api.v1.videos[":id"].$patch({ param: { id }, header, json: changes }));
};

/** Makes the frame at `at` seconds the poster; `posterChange` of the video says how far it is. */
export const makePosterOfFrame = (id: string, at: number) =>
  read(answer("video"), api.v1.videos[":id"].poster.$post({ param: { id }, json: { at } }));

/** Where to PUT an image that becomes the poster. */
export const makePosterOfImage = async (id: string, { type, size }: { type: string; size: number }) => {
  const { posterRequestSchema } = await import("@storagex/contract/videos/poster");
  const json = posterRequestSchema.parse({ size, contentType: type });
  return read(answer("posterUpload"), api.v1.videos[":id"].poster.$post({ param: { id }, json }));
};

export const addCaptions = (id: string, json: CaptionsRequest) =>
  read(answer("addedCaptions"), api.v1.videos[":id"].captions.$post({ param: { id }, json }));

export const deleteCaptions = (id: string, captionId: string) =>
  settle(api.v1.videos[":id"].captions[":captionId"].$delete({ param: { id, captionId } }));

/** The server fetches the video from the address. */
export const importVideo = (url: string) =>
  read(answer("video"), api.v1.videos.import.$post({ json: { url } }));

/** With `undo`, `restoreVideo` brings it back for so many seconds. */
export const deleteVideo = (id: string, undo?: number) => {
  const query = undo === undefined ? {} : { undo: String(undo) };
  return settle(api.v1.videos[":id"].$delete({ param: { id }, header: {}, query }));
};

export const restoreVideo = (id: string) =>
  read(answer("videoDetail"), api.v1.videos[":id"].restore.$post({ param: { id } }));

/** One act on up to 100 videos; each has a result of its own. */
export const changeVideos = (json: BulkRequest) => read(answer("bulk"), api.v1.videos.bulk.$post({ json }));

/** The tags of one's own videos, the most used first. */
export const listTags = () => read(tags, api.v1.tags.$get());

export const retryVideo = (id: string) =>
  read(answer("video"), api.v1.videos[":id"].retry.$post({ param: { id } }));

export const getPlayback = (id: string) =>
  read(answer("playback"), api.v1.videos[":id"].playback.$get({ param: { id } }));

/** The uploaded file, to be saved; before the upload is complete, ApiError `source.assembling`. */
export const getSource = (id: string) =>
  read(answer("source"), api.v1.videos[":id"].source.$get({ param: { id } }));

/** For a completed video only; before, the API answers `video.wrong_status`. */
export const getStatistics = (id: string) =>
  read(answer("statistics"), api.v1.videos[":id"].statistics.$get({ param: { id } }));

export const adminListVideos = (filter: Filter, cursor: string | null) =>
  read(
    import("../../answers/operators.ts").then((all) => all.adminVideoPage),
    api.v1.admin.videos.$get({ query: pageQuery(filter, cursor) }),
  );
