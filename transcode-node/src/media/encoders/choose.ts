/** Which encoder a worker uses: the configured one if it passes its test, else software. */
import type { Encoder, EncoderChoice } from "./encoder.ts";
import { type HardwareName, renderNodes, waysOf } from "./hardware.ts";
import { prove } from "./prove.ts";
import { software, softwareBesideHardware } from "./software.ts";

/** In the order in which `auto` tries them: QSV before VAAPI, since Intel's chips support both. */
const HARDWARE: readonly HardwareName[] = ["nvenc", "qsv", "vaapi"];

export type Choice = {
  encoder: Encoder;
  /** For each hardware that was tried and is not used: why. */
  refused: Partial<Record<HardwareName, string>>;
  /** One line for the operator. */
  line: string;
};

/**
 * Tries what `wanted` names, and nothing where that is `software`. Never throws: without hardware it falls
 * back to software.
 */
export async function chooseEncoder(
  wanted: EncoderChoice,
  at: { tool: string; scratch: string; nodes?: string[] },
): Promise<Choice> {
  const refused: Choice["refused"] = {};
  const names = wanted === "software" ? [] : wanted === "auto" ? HARDWARE : [wanted];
  for (const name of names) {
    const ways = waysOf(name, at.nodes ?? renderNodes());
    const reasons: string[] = [];
    for (const encoder of ways) {
      const reason = await prove(encoder, at.tool, at.scratch);
      if (reason === null) return { encoder, refused, line: `H.264 by ${encoder.label}` };
      reasons.push(reason);
    }
    refused[name] = [...new Set(reasons)].join("; ") || "no render node in /dev/dri";
  }
  const why = Object.entries(refused).map(([name, reason]) => `${name} cannot be used (${reason})`);
  const encoder = wanted === "software" ? software : softwareBesideHardware;
  return { encoder, refused, line: [...why, `H.264 by ${software.label}`].join("; ") };
}
