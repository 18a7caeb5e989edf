import { FIRST_STEPS, type FirstStep } from "@upreel/core";
import { z } from "zod";
import { percentile } from "../soak/resources.ts";

const stepLineSchema = z.object({ step: z.enum(FIRST_STEPS), atMs: z.number() });

/** Milliseconds from a trigger, or a seek, to each step, as far as there are such. */
export type StepTimes = Readonly<Partial<Record<FirstStep, number>>>;

/** What a gateway's debug lines from `fromLine` on tell of one first segment, which was asked for at `sinceMs`, until it is there. */
export function readSteps(
  logLines: readonly string[],
  fromLine: number,
  sinceMs: number,
): StepTimes {
  const times: Partial<Record<FirstStep, number>> = {};
  for (const line of logLines.slice(fromLine)) {
    const read = stepLineSchema.safeParse(line.includes('"step"') ? JSON.parse(line) : undefined);
    if (read.success) times[read.data.step] ??= read.data.atMs - sinceMs;
    // Afterwards all of the film is read, which nobody waits for.
    if (times.published !== undefined) break;
  }
  return times;
}

/** A Markdown table of the medians: when each step was taken, and how long after the one before. */
export function stepTable(what: string, all: readonly StepTimes[]): string {
  const medians = FIRST_STEPS.flatMap((step) => {
    const times = all.flatMap(({ [step]: ms }) => (ms === undefined ? [] : [ms]));
    return times.length === 0 ? [] : [{ step, ms: percentile(times, 0.5) }];
  }).toSorted((a, b) => a.ms - b.ms);
  const rows = medians.map(({ step, ms }, i) => {
    const before = medians[i - 1]?.ms ?? 0;
    return `| ${step} | ${Math.round(ms)} | ${Math.round(ms - before)} |`;
  });
  return [`| ${what} | ms | of that |`, "| --- | ---: | ---: |", ...rows].join("\n");
}
