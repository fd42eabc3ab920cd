/** API calls for where one is signed in. */
import type { sessionsSchema } from "@storagex/contract/accounts/account";
import type { z } from "zod";
import { sessions } from "../../answers/account.ts";
import { api, read, settle } from "../client.ts";

export type OwnSession = z.infer<typeof sessionsSchema>["items"][number];

export const listSessions = () => read(sessions, api.v1.me.sessions.$get());
/** Signs out there. Throws ApiError `session.not_found` where that has happened already. */
export const endSession = (id: string) => settle(api.v1.me.sessions[":id"].$delete({ param: { id } }));
/** Signs out everywhere but here. */
export const endOtherSessions = () => settle(api.v1.me.sessions.$delete());
