/** API calls of the upload engine: ticket, further part URLs, what has arrived, completion. Loaded with the first upload. */
import type { TicketRequest } from "@storagex/contract/uploads/upload";
import { foundParts, partUrls, ticket, video } from "../../answers/uploads.ts";
import { api, read } from "../client.ts";

export const createTicket = (json: TicketRequest) => read(ticket, api.v1.videos.$post({ json }));

export const getPartUrls = (id: string, partNumbers: number[]) =>
  read(partUrls, api.v1.videos[":id"].upload.parts.$post({ param: { id }, json: { partNumbers } }));

export const findParts = (id: string) =>
  read(foundParts, api.v1.videos[":id"].upload.stored.$post({ param: { id }, json: {} }));

export const completeUpload = (id: string) =>
  read(video, api.v1.videos[":id"].complete.$post({ param: { id }, json: {} }));
