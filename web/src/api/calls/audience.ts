/** The API call for who watched a video. */
import { audience } from "../../answers/audience.ts";
import { api, read } from "../client.ts";

const DAY_MS = 86_400_000;

/** The last so many days (UTC), today included. */
export const readAudience = (id: string, days: number) => {
  const from = new Date(Date.now() - (days - 1) * DAY_MS).toISOString().slice(0, 10);
  return read(audience, api.v1.videos[":id"].audience.$get({ param: { id }, query: { from } }));
};
