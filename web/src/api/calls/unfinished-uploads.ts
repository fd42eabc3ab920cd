/** API calls for uploads that are not finished: what is stored of them, and their end. */
import { storedParts } from "../../answers/library.ts";
import { api, read, settle } from "../client.ts";

export const getStoredParts = (id: string) =>
  read(storedParts, api.v1.videos[":id"].upload.parts.$get({ param: { id } }));

export const abortUpload = (id: string) => settle(api.v1.videos[":id"].upload.$delete({ param: { id } }));
