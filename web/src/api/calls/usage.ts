/** The API call for what one's account stored, encoded and played. */
import { usage } from "../../answers/account.ts";
import { api, read } from "../client.ts";

/** The last 30 days, the first one first. */
export const readUsage = () => read(usage, api.v1.usage.$get({ query: {} }));
