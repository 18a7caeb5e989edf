import {
  segmentSeconds,
  type Expectation,
  type FilmWish,
  type FileIdentity,
  type Profile,
  type StreamRecord,
  type StreamView,
} from "@upreel/core";
import { foresee, type Plan, type Streams } from "@upreel/streams";
import type { MediaFiles } from "@upreel/sources";
import { configuredProfile, type FilmSettings } from "./trigger.ts";

export interface ForeseeDependencies {
  readonly config: FilmSettings;
  readonly files: MediaFiles;
  readonly streams: Streams;
  /** Probes a film and says what may make it; remembers it for the stream that may follow. */
  readonly plan: (
    file: FileIdentity,
    profile: Profile,
  ) => Promise<Pick<Plan, "timeline" | "ladder">>;
}

/** What there is of a film before it is played. */
export interface Foreseen {
  readonly expectation: Expectation;
  /** Its stream, where it has one. */
  readonly stream: StreamView | undefined;
  /** What making its first segment takes, as far as is known. */
  readonly makingMs: number;
}

/** As `foreseeStream`, of the file `path` as the settings want it made. Throws what `MediaFiles.locate` throws, too. */
export async function foreseeFilm(
  deps: ForeseeDependencies,
  {
    path,
    roots,
    wish,
  }: { readonly path: string; readonly roots: readonly string[]; readonly wish?: FilmWish },
  fromSeconds: number,
): Promise<Foreseen> {
  const file = await deps.files.locate(path, roots);
  return foreseeStream(deps, { file, profile: configuredProfile(deps.config, wish) }, fromSeconds);
}

/**
 * What a viewer can expect who plays a film from `fromSeconds` on; begins nothing. Throws what the
 * planner throws.
 */
export async function foreseeStream(
  { streams, plan }: Pick<ForeseeDependencies, "streams" | "plan">,
  { file, profile }: Pick<StreamRecord, "file" | "profile">,
  fromSeconds: number,
): Promise<Foreseen> {
  const stream = streams.find({ file, profile });
  const known = stream && expectedOf(stream);
  if (known !== undefined) return known;
  const isComplete = stream?.state === "complete";
  const playheadSeconds = Math.min(fromSeconds, stream?.durationSeconds ?? fromSeconds);
  const range = stream?.readyRanges.find(
    ([first, last]) => first <= playheadSeconds && playheadSeconds < last,
  );
  const leadSeconds = range === undefined ? 0 : range[1] - playheadSeconds;
  const planned = await plan(file, profile);
  const expectation = foresee(planned, { playheadSeconds, leadSeconds, isComplete });
  const speed = expectation.expectedSpeed ?? 1;
  const makingMs = (segmentSeconds(planned.timeline, 0) * 1_000) / Math.max(0.01, speed);
  return { expectation, stream, makingMs };
}

/** What is made, or made ready, says itself that it keeps up: its film needs no second look. */
function expectedOf(stream: StreamView): Foreseen | undefined {
  const { expectedSpeed, firstStallSeconds, advice, adviceTold, segmentsTotal: total } = stream;
  const { durationSeconds: duration, state } = stream;
  const isAtWork = state === "running" || state === "starting" || state === "queued";
  if (!isAtWork || duration === undefined || total === undefined) return undefined;
  if (expectedSpeed === undefined || expectedSpeed < 1) return undefined;
  return {
    expectation: { expectedSpeed, firstStallSeconds, advice, adviceTold },
    stream,
    makingMs: (1_000 * duration) / total / expectedSpeed,
  };
}
