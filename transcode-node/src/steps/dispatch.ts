/** Selects the step for a lease: the worker's only entry to the media code. */

import type { Lease } from "@storagex/contract/tasks/lease";
import type { TaskResult } from "@storagex/contract/tasks/report";
import { audio } from "./audio/audio.ts";
import { encode } from "./encode/encode.ts";
import { finish } from "./finish/finish.ts";
import { plan } from "./plan/plan.ts";
import { poster } from "./poster.ts";
import type { StepContext } from "./step.ts";

/** Does a lease's work. Rejects with a `MediaFailure` where the uploader must read a reason. */
export function performStep(lease: Lease, context: StepContext): Promise<TaskResult> {
  switch (lease.kind) {
    case "plan":
      return plan(lease, context);
    case "encode":
      return encode(lease, context);
    case "audio":
      return audio(lease, context);
    case "finish":
      return finish(lease, context);
    case "poster":
      return poster(lease, context);
  }
}
