/** A file that looks like a transport stream and has no track: it is refused only when all of it is there. */
import { writeFile } from "node:fs/promises";

/** ISO 13818-1, 2.4.3.3: the PID of null packets is 0x1FFF. */
const PACKET = Buffer.alloc(188, 0xff).fill(Buffer.from([0x47, 0x1f, 0xff, 0x10]), 0, 4);

/** Writes `bytes` of it to `path`: an upload that lasts as long as the test needs, whatever it is named. */
export const writeNullPackets = (path: string, bytes: number): Promise<void> =>
  writeFile(path, Buffer.alloc(bytes, PACKET));
