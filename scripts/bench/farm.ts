import { makeTempFolder } from "@upreel/testkit";
import { tryFaults } from "./farm/faults.ts";
import { prepareGround } from "./farm/farm.ts";
import { openNetwork } from "./farm/hosts.ts";
import { measureReturn } from "./farm/return.ts";
import { measureSound } from "./farm/sound.ts";
import { measureBeside, measureManyFilms, measureOneFilm } from "./farm/speeds.ts";
import { printRows } from "./print-rows.ts";

export interface FarmBenchOptions {
  readonly json: boolean;
  /** `return`, `sound`, `beside`, `one-film`, `many-films`, `faults`, or part of a fault's name; empty: all. */
  readonly only: string;
}

const SPEEDS = {
  beside: measureBeside,
  "one-film": measureOneFilm,
  "many-films": measureManyFilms,
};

/** What needs no hosts. */
const PARTS = { return: measureReturn, sound: measureSound };

/**
 * Workers on hosts of their own (network namespaces: for root alone) at a speed that is held down, so that several fit on
 * one machine; what several make together, and what a player sees of what befalls one of them.
 */
export async function benchFarm({ json, only }: FarmBenchOptions): Promise<void> {
  for (const [name, measure] of Object.entries(PARTS))
    if (["", name].includes(only)) printRows(name, "fastest", await measure(), json);
  if (Object.hasOwn(PARTS, only)) return;
  await using folder = await makeTempFolder();
  await using _network = await openNetwork();
  const ground = await prepareGround(folder.path);
  for (const [name, measure] of Object.entries(SPEEDS))
    if (["", name].includes(only)) printRows(name, "fastest", await measure(ground), json);
  if (Object.hasOwn(SPEEDS, only)) return;
  const results = await tryFaults(ground, only === "faults" ? "" : only);
  if (json) return console.log(JSON.stringify(results, undefined, 2));
  console.log(
    "| what befalls one of two workers | film whole | published twice | made in vain, % | first segment, s | longest stall, s | stalls | made in, s |",
  );
  console.log("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const each of results) {
    const {
      what,
      how,
      isWhole,
      notOnce,
      inVainPercent,
      firstSeconds,
      longestStallSeconds,
      stalls,
    } = each;
    const figures = [firstSeconds, longestStallSeconds].map((seconds) => seconds.toFixed(1));
    const cells = [
      how === undefined ? what : `${what} (${how})`,
      isWhole ? "yes" : "no",
      ...[notOnce, inVainPercent.toFixed(1), ...figures, stalls, each.madeSeconds.toFixed(0)],
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}
