/** API calls for showing a video to others. */
import { type ShareRequest, shareListSchema, shareSchema } from "@storagex/contract/sharing";
import { api, read, settle } from "./client.ts";

export const listShares = (id: string) =>
  read(shareListSchema, api.v1.videos[":id"].shares.$get({ param: { id } }));

export const createShare = (id: string, json: ShareRequest) =>
  read(shareSchema, api.v1.videos[":id"].shares.$post({ param: { id }, json }));

export const deleteShare = (id: string, shareId: string) =>
  settle(api.v1.videos[":id"].shares[":shareId"].$delete({ param: { id, shareId } }));
