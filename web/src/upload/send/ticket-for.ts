/** The ticket of a file that is about to be sent. */

import type { Ticket, TicketRequest } from "@storagex/contract/uploads/upload";
import { partCountOf } from "@storagex/contract/uploads/upload-parts";
import type { Video } from "@storagex/contract/videos/video";
import { createTicket } from "../../api/calls/tickets.ts";
import { getStoredParts } from "../../api/calls/unfinished-uploads.ts";
import { listAllVideos } from "../../api/calls/videos.ts";
import { throughOutages } from "../../api/network.ts";
import { sameFile } from "../resume/known-files.ts";
import { unused } from "../store.ts";

type TicketParts = Pick<Ticket["upload"], "partSize" | "partCount" | "parts">;

/**
 * A ticket for the file. A request whose answer was lost may have made one: before it is sent again, that one
 * is looked for, so that an outage leaves no second video behind.
 */
export async function ticketFor(
  file: File,
  request: TicketRequest,
  signal?: AbortSignal,
): Promise<{ video: Video; upload: TicketParts }> {
  let attempts = 0;
  return throughOutages(async () => {
    attempts += 1;
    if (attempts === 1) return createTicket(request);
    const made = unused(await listAllVideos({ status: "pending_upload" })).find((each) =>
      sameFile(each, file),
    );
    if (!made) return createTicket(request);
    const { partSize } = await getStoredParts(made.id);
    return {
      video: made,
      upload: { partSize, partCount: partCountOf({ size: file.size, partSize }), parts: [] },
    };
  }, signal);
}
