import { loadavg } from "node:os";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { percentile } from "../soak/resources.ts";
import { makeFilm } from "./film.ts";
import { stepTable } from "./first-steps.ts";
import { printRows, type Row } from "./print-rows.ts";
import type { RunBenchOptions } from "./run.ts";
import { measureTimeline } from "./timeline.ts";

/** How long viewers wait for what is not made yet, and what a film needs on the disk until it is complete. */
export async function benchWaits(values: RunBenchOptions): Promise<void> {
  await using folder = await makeTempFolder();
  const [load = 0] = loadavg();
  const clip = values.clip ?? (await makeFilm(join(folder.path, "film.mp4"), values.seconds));
  const { firsts, starts, seeks, resumes, madeInVain, disk } = await measureTimeline(
    clip,
    values.model,
    join(folder.path, "timeline"),
  );
  const waits = (what: string, ms: readonly number[]): Row[] => [
    [`${what}, p50`, percentile(ms, 0.5), "ms"],
    [`${what}, p95`, percentile(ms, 0.95), "ms"],
  ];
  const rows: Row[] = [
    ...waits("first film of a new machine, trigger → last byte of segment 0", firsts.tookMs),
    ...waits("the small measurement before it", firsts.looksMs),
    ...waits("trigger → last byte of segment 0", starts.tookMs),
    ...waits("seek → last byte of the segment", seeks.tookMs),
    ...waits("kill of everything and start → next new segment", resumes),
    ["frames made in vain, with four jumps", 100 * madeInVain, "% of the film"],
    ["disk beside the finished film, at most", 100 * disk.peakShare, "% of it"],
    ["disk beside the finished film, at the end", 100 * disk.endShare, "% of it"],
  ];
  printRows("Waits", values.model, rows, values.json);
  if (values.json) return;
  console.log(`\nLoad at the beginning ${load.toFixed(1)}. Medians of what happens on the way:\n`);
  console.log(stepTable("trigger", starts.steps));
  console.log(`\n${stepTable("seek", seeks.steps)}`);
  console.log(`\n${stepTable("first film of a new machine", firsts.steps)}`);
}
