/** Everything that one run of the benchmark measured: the shape of its JSON file. */
import type { Figure } from "./figures.ts";
import type { Machine } from "./machine.ts";
import type { Modelled, Parts } from "./model.ts";
import type { Span } from "./profile.ts";
import type { Options, Round } from "./rounds.ts";
import type { Simulated } from "./simulate.ts";

export type Results = {
  /** ISO 8601, UTC. */
  at: string;
  machine: Machine;
  options: Options;
  rungs: string[];
  figures: Figure[];
  profiles: { title: string; spans: Span[] }[];
  parts: Parts | null;
  models: { title: string; seconds: number; walls: Modelled[] }[];
  simulated: Simulated[];
  rounds: Round[];
};
