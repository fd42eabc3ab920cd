/** Named crash points for tests of what survives a dead worker; inactive in every worker but a test's own. */
import { z } from "zod";

const crashPointSchema = z.enum(["after_claim", "after_put", "before_ack", "before_succeed"]);
type CrashPoint = z.infer<typeof crashPointSchema>;

let armed: CrashPoint | undefined;

/** Arms one point, by its name; undefined arms none. Only the entries of tests call it. Throws for other names. */
export function armCrash(at: string | undefined): void {
  armed = crashPointSchema.optional().parse(at);
}

/** Kills this process at once (SIGKILL, no clean-up) if this point is armed. */
export function crashPoint(point: CrashPoint): void {
  if (armed === point) process.kill(process.pid, "SIGKILL");
}
