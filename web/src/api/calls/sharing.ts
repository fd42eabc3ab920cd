/** API calls for showing videos to others: shares and playback keys. */
import type { PlaybackKeyRequest, ShareRequest } from "@storagex/contract/sharing";
import * as answers from "../../answers/sharing.ts";
import { api, read, settle } from "../client.ts";

export const listShares = (id: string) =>
  read(answers.shareList, api.v1.videos[":id"].shares.$get({ param: { id } }));

export const createShare = (id: string, json: ShareRequest) =>
  read(answers.share, api.v1.videos[":id"].shares.$post({ param: { id }, json }));

export const deleteShare = (id: string, shareId: string) =>
  settle(api.v1.videos[":id"].shares[":shareId"].$delete({ param: { id, shareId } }));

export const listPlaybackKeys = () => read(answers.playbackKeyList, api.v1["playback-keys"].$get());

export const createPlaybackKey = (json: PlaybackKeyRequest) =>
  read(answers.madePlaybackKey, api.v1["playback-keys"].$post({ json }));

export const deletePlaybackKey = (id: string) =>
  settle(api.v1["playback-keys"][":id"].$delete({ param: { id } }));
