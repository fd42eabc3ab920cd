/** Tickets whose upload is not finished: they are resumed by choosing the same file. */
import type { Video } from "@storagex/contract/videos/video";
import { listAllVideos } from "../../api/calls/videos.ts";
import { throughOutages } from "../../api/network.ts";
import { unused } from "../store.ts";

/** Earlier tickets that no upload of this tab uses. */
export const openTickets = async (): Promise<Video[]> =>
  unused(await throughOutages(() => listAllVideos({ status: "pending_upload" })));
