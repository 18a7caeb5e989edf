import { setTimeout as sleep } from "node:timers/promises";
import {
  frameSeconds,
  requireSameFile,
  segmentCount,
  settledFile,
  toUpreelError,
  type Clock,
  type FileIdentity,
  type Log,
  type StreamRecord,
  type Timeline,
  profileNow,
} from "@upreel/core";
import { keepSaid } from "../keep-said.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { keepScan } from "./keep-scan.ts";
import type { Plan, Planner, Sources } from "../ports.ts";

export interface GrowthParts {
  readonly planner: Planner;
  readonly sources: Sources;
  readonly clock: Clock;
  readonly steadyClock: Clock;
  readonly log: Log;
  readonly lookEveryMs: number;
  readonly growthTimeoutMs: number;
  /** The film is longer, or whole: runs go by this plan from now on. */
  readonly adopt: (plan: Plan, file: FileIdentity, fingerprint?: string) => void;
}

type GrowingFilm = Pick<StreamRecord, "title" | "file" | "profile" | "choice">;

/**
 * Follows a film that is being written: its timeline gets longer as its file does. Settles when it has
 * not grown for `growthTimeoutMs`, by when all of it is planned. Rejects when the signal aborts, or with what
 * became of the file.
 */
export async function followGrowth(
  begun: Plan,
  film: GrowingFilm,
  parts: GrowthParts,
  signal: AbortSignal,
): Promise<void> {
  const { planner, clock, steadyClock, log } = parts;
  const { title } = film;
  using following = planner.follow(begun, signal);
  let plan = begun;
  let file = film.file;
  // A gateway that was away sees by the time of the file how long ago it was written to.
  let grownAtMs = steadyClock.nowMs() - Math.max(0, clock.nowMs() - file.modifiedMs);
  let toldAtMs = -Infinity;
  log.info(`${title}: it is still being written; following it`);
  for (;;) {
    const now = await lookAt(file, parts);
    signal.throwIfAborted();
    if (now !== undefined) {
      if (now.sizeBytes !== file.sizeBytes || now.modifiedMs !== file.modifiedMs) {
        grownAtMs = steadyClock.nowMs();
        file = { ...now, mayGrow: true };
      }
      const timeline = await following.look(file).catch(patient(plan.timeline, log, title, signal));
      const isLonger = timeline.frameCount > plan.timeline.frameCount;
      // RFC 8216 6.2.1: no sooner than half a target duration after the version before.
      if (isLonger && steadyClock.nowMs() - toldAtMs >= halfSegmentMs(timeline)) {
        toldAtMs = steadyClock.nowMs();
        plan = { ...plan, timeline, source: { ...plan.source, ...file } };
        parts.adopt(plan, file);
      }
      if (steadyClock.nowMs() - grownAtMs >= parts.growthTimeoutMs) {
        const whole = await planToEnd(plan, { ...film, file }, parts, signal);
        if (whole !== undefined) {
          const settled = settledFile(file);
          parts.adopt(whole, settled, await fingerprintOf(settled, parts));
          log.info(`${title}: it is complete, ${segmentCount(whole.timeline)} segments`);
          return;
        }
      }
    }
    await sleep(parts.lookEveryMs, undefined, { signal });
  }
}

/** undefined: its disk cannot be read now. Throws `source_changed`, or what became of it. */
async function lookAt(
  file: FileIdentity,
  { sources }: GrowthParts,
): Promise<FileIdentity | undefined> {
  const now = await sources.lookAgain(file).catch((thrown: unknown) => {
    if (toUpreelError(thrown).code === "source_unavailable") return undefined;
    throw thrown;
  });
  if (now !== undefined) requireSameFile(file, now);
  return now;
}

/** What cannot be read while it is being written is read the next time. */
const patient =
  (timeline: Timeline, log: Log, title: string, signal: AbortSignal) =>
  (error: unknown): Timeline => {
    signal.throwIfAborted();
    log.debug(`${title}: what was added cannot be read yet`, { error });
    return timeline;
  };

const halfSegmentMs = (timeline: Timeline): number =>
  frameSeconds(timeline, timeline.framesPerSegment) * 500;

/**
 * The plan by all of the file, on the grid that the film was begun with; what cannot be read to its end
 * ends where it is certain. undefined: it has grown meanwhile.
 */
async function planToEnd(
  plan: Plan,
  record: GrowingFilm,
  { planner, sources, log }: GrowthParts,
  signal: AbortSignal,
): Promise<Plan | undefined> {
  const { file, title } = record;
  const profile = profileNow(record);
  const said = plan.timeline;
  const settled = settledFile(file);
  const whole = await planner.planWhole(file, profile, signal, said).catch((error: unknown) => {
    signal.throwIfAborted();
    log.warn(
      `${title}: it cannot be read to its end; it ends at the last part that could be read`,
      { error },
    );
    return undefined;
  });
  const now = await sources.lookAgain(file);
  if (now.sizeBytes !== file.sizeBytes || now.modifiedMs !== file.modifiedMs) return undefined;
  if (whole === undefined) {
    return {
      ...plan,
      source: { ...plan.source, ...settled },
      timeline: { ...said, growth: "over" },
    };
  }
  const { isProvisional: _, ...found } = whole.timeline;
  const frameCount = Math.max(said.frameCount, found.frameCount);
  const { framesPerSegment } = said;
  const source = settledFile(keepScan(plan.source, keepSaid(plan.source, whole.source)));
  return {
    ...plan,
    source,
    timeline: { ...found, frameCount, framesPerSegment, growth: "over" },
  };
}
