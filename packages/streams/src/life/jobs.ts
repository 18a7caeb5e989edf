import { setTimeout as sleep } from "node:timers/promises";
import {
  profileNow,
  segmentCount,
  toUpreelError,
  type Clock,
  type Log,
  type StreamFolder,
} from "@upreel/core";
import { followGrowth, type GrowthParts } from "../growth/follow-growth.ts";
import { regrowFilm } from "../growth/regrow-film.ts";
import { planFilm } from "../plan-film.ts";
import type { Plan, Planner, ProveFilm, Sources } from "../ports.ts";
import type { Answer } from "./events.ts";
import type { State } from "./state.ts";

/** How often it is tried to read a film whose disk is away. */
const READ_TRIES = 7;

export interface JobParts {
  readonly folder: StreamFolder;
  readonly planner: Planner;
  readonly prove?: ProveFilm | undefined;
  readonly sources: Sources;
  /** How often a file that is being written is looked at. */
  readonly lookEveryMs: number;
  /** One that has not grown for so long is whole. */
  readonly growthTimeoutMs: number;
  readonly clock: Clock;
  readonly steadyClock: Clock;
  readonly log: Log;
}

/** What takes a stream long, and ends by an answer; undefined: nothing comes of it. */
export type Job = (
  state: State,
  parts: JobParts,
  signal: AbortSignal,
  report: (answer: Answer) => void,
) => Promise<Answer | undefined>;

export const planJob: Job = async ({ life, record }, parts, signal, report) => {
  try {
    const onSeen = (file: typeof record.file): void => report({ kind: "file-seen", life, file });
    return { kind: "planned", life, ...(await planFilm(record, { ...parts, onSeen }, signal)) };
  } catch (thrown) {
    signal.throwIfAborted();
    return { kind: "plan-failed", life, error: toUpreelError(thrown) };
  }
};

/** What `read` gives; where the disk is away it is tried again, after `waitMs` and twice as long each time, for minutes in all. */
async function whenReadable<T>(
  read: () => Promise<T>,
  waitMs: number,
  signal: AbortSignal,
): Promise<T> {
  for (let tries = 1; tries < READ_TRIES; tries += 1) {
    try {
      return await read();
    } catch (error) {
      signal.throwIfAborted();
      if (toUpreelError(error).code !== "source_unavailable") throw error;
    }
    await sleep(waitMs * 2 ** (tries - 1), undefined, { signal });
  }
  return read();
}

export const reviewJob =
  (plan: Plan): Job =>
  async ({ life, record }, { folder, planner, lookEveryMs, log }, signal) => {
    const { file, title } = record;
    const profile = profileNow(record);
    // Reading all of a film takes a core for seconds: whoever waits for its first segments goes before.
    const first = Math.min(SEGMENTS_BEFORE_REVIEW, segmentCount(plan.timeline));
    await hasSegments(folder, first, signal);
    const read = (): Promise<Plan> => planner.planWhole(file, profile, signal);
    const whole = await whenReadable(read, lookEveryMs, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      log.warn(`${title}: it cannot be read to its end; planned by its first part`, { error });
      return undefined;
    });
    return { kind: "reviewed", life, plan, whole };
  };

/** What may make the film from now on, after a choice. */
export const ladderJob =
  (plan: Plan): Job =>
  async ({ life, record }, { planner, log }) => {
    const { timeline, output } = plan;
    try {
      const ladder = await planner.ladderFor(profileNow(record), timeline, output);
      return { kind: "laddered", life, ladder, choice: record.choice };
    } catch (error) {
      log.warn(`${record.title}: it continues as before, without the model that was chosen`, {
        error,
      });
      return undefined;
    }
  };

/** Fails to plan, as it would have at first, where the file is another one. */
export const regrowJob =
  (said: Plan): Job =>
  async ({ life, record }, parts, signal) => {
    try {
      return { kind: "regrown", life, said, ...(await regrowFilm(said, record, parts, signal)) };
    } catch (thrown) {
      signal.throwIfAborted();
      return { kind: "plan-failed", life, error: toUpreelError(thrown) };
    }
  };

/** The first one, and those that a player reads next: it goes to where its viewer left off when it has read some. */
const SEGMENTS_BEFORE_REVIEW = 4;

/** Settles when so much of the film is there. Rejects with the abort reason. */
async function hasSegments(
  folder: StreamFolder,
  count: number,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = (): void => {
    if (folder.ready.size >= count) resolve();
  };
  const forget = folder.onPublished(look);
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  look();
  try {
    await promise;
  } finally {
    forget();
    signal.removeEventListener("abort", onAbort);
  }
}

export const followJob =
  (begun: Plan): Job =>
  async ({ life, record }, parts, signal, report) => {
    const adopt: GrowthParts["adopt"] = (plan, file, fingerprint) =>
      report({ kind: "grown", life, plan, file, fingerprint });
    await followGrowth(begun, record, { ...parts, adopt }, signal);
    return undefined;
  };

/** Joins what is made and compares it with its source. */
export const archiveJob: Job = async (state, { folder, prove, log }, signal) => {
  const { life, record } = state;
  const { title, source, timeline, output, decoded = [] } = record;
  const hasSound = output !== undefined && output.audio.kind !== "none";
  const archive = await folder.makeArchive({ title, hasSound, signal });
  if (source === undefined || timeline === undefined || output === undefined) {
    return { kind: "archived", life, archive, lacks: undefined };
  }
  try {
    const lacks = await prove?.(
      { source, timeline, output, decoded, archive: archive.path },
      signal,
    );
    if (lacks !== undefined) log.warn(`${title}: ${lacks.message}`, { ...lacks });
    return { kind: "archived", life, archive, lacks };
  } catch (thrown) {
    signal.throwIfAborted();
    const { message } = toUpreelError(thrown);
    log.warn(`${title} could not be compared with its source: ${message}`);
    return { kind: "archived", life, archive, lacks: undefined };
  }
};
