/** API calls for uploads: ticket, further part URLs, stored parts, completion, abort. */
import {
  partUrlsSchema,
  storedPartsSchema,
  type TicketRequest,
  ticketSchema,
} from "@storagex/contract/upload";
import { videoSchema } from "@storagex/contract/video";
import { api, read, settle } from "./client.ts";

export const createTicket = (json: TicketRequest) => read(ticketSchema, api.v1.videos.$post({ json }));

export const getPartUrls = (id: string, partNumbers: number[]) =>
  read(partUrlsSchema, api.v1.videos[":id"].upload.parts.$post({ param: { id }, json: { partNumbers } }));

export const getStoredParts = (id: string) =>
  read(storedPartsSchema, api.v1.videos[":id"].upload.parts.$get({ param: { id } }));

export const completeUpload = (id: string) =>
  read(videoSchema, api.v1.videos[":id"].complete.$post({ param: { id }, json: {} }));

export const abortUpload = (id: string) => settle(api.v1.videos[":id"].upload.$delete({ param: { id } }));
