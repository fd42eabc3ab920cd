/** API calls for upload links of one's own. */
import type { uploadLinkRequestSchema } from "@storagex/contract/uploads/upload-links";
import type { z } from "zod";
import * as answers from "../../answers/upload-links.ts";
import { api, read, settle } from "../client.ts";

const links = api.v1["upload-links"];

export const createUploadLink = (json: z.input<typeof uploadLinkRequestSchema>) =>
  read(answers.uploadLink, links.$post({ json }));

export const listUploadLinks = (cursor: string | null) =>
  read(answers.uploadLinkPage, links.$get({ query: cursor ? { cursor } : {} }));

export const deleteUploadLink = (id: string) => settle(links[":id"].$delete({ param: { id } }));
