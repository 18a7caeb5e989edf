import { join } from "node:path";
import { preciseNowMs, segmentFileName } from "@upreel/core";
import { z } from "zod";
import { startGateway } from "../../tests/support/start-gateway.ts";
import { fetchWhole } from "./fetch-whole.ts";
import { readSteps, type StepTimes } from "./first-steps.ts";
import { DOUBLED } from "./film.ts";

const STARTS = 5;

const lookSchema = z.object({ message: z.string().startsWith("A look at "), tookMs: z.number() });

/** Of the first film of a machine that nothing is known of, triggered as soon as the gateway listens. */
export interface FirstFilms {
  readonly tookMs: readonly number[];
  readonly steps: readonly StepTimes[];
  /** The small measurement, as a whole. */
  readonly looksMs: readonly number[];
}

/** Starts gateways on new folders, and waits for the first segment of `film` each time. */
export async function measureFirstFilms(film: string, folder: string): Promise<FirstFilms> {
  const tookMs: number[] = [];
  const steps: StepTimes[] = [];
  const looksMs: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    await using gateway = await startGateway({
      dataDir: join(folder, `new ${start}`, "data"),
      roots: join(film, ".."),
      env: { ...DOUBLED, MODEL: "auto", KEEP_UP: "on" },
    });
    const beforeMs = preciseNowMs();
    const { id } = await gateway.trigger(film);
    await fetchWhole(`${gateway.url}/hls/${id}/segments/${segmentFileName(0)}`);
    tookMs.push(preciseNowMs() - beforeMs);
    steps.push(readSteps(gateway.logLines, 0, beforeMs));
    for (const line of gateway.logLines.filter((each) => each.includes("A look at "))) {
      const look = lookSchema.safeParse(JSON.parse(line));
      if (look.success) looksMs.push(look.data.tookMs);
    }
  }
  return { tookMs, steps, looksMs };
}
