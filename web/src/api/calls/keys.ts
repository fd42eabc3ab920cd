/** API calls for API keys. */
import type { ApiKeyRequest } from "@storagex/contract/accounts/api-keys";
import * as answers from "../../answers/keys.ts";
import { api, read, settle } from "../client.ts";

export const listApiKeys = () => read(answers.apiKeyList, api.v1.keys.$get());

export const createApiKey = (json: ApiKeyRequest) => read(answers.madeApiKey, api.v1.keys.$post({ json }));

export const deleteApiKey = (id: string) => settle(api.v1.keys[":id"].$delete({ param: { id } }));
