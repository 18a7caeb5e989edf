import { secondsOf, segmentAt, type ParsedVersion } from "./playlist-version.ts";

/** Dates are written in milliseconds. */
const DATE_TOLERANCE_MS = 2;

/** `event`: a film that grows at its end. */
export type PlaylistKind = "live" | "vod" | "event";

/** Rules that one version of a playlist can break by itself. */
export function problemsOfVersion(v: ParsedVersion, kind: PlaylistKind): string[] {
  const problems: string[] = [];
  if (v.segments.length === 0) problems.push("R2: no segment is listed");
  for (const { uri, seconds } of v.segments) {
    if (Math.round(seconds) <= v.targetSeconds) continue;
    problems.push(`R1: ${uri} lasts ${seconds} s, target duration ${v.targetSeconds} s`);
  }
  if (kind === "vod") {
    if (!v.isEnded) problems.push("R9: a whole film without ENDLIST");
    if (v.playlistType !== "VOD") problems.push(`R10: a whole film of type ${v.playlistType}`);
    return problems;
  }
  if (kind === "event") {
    if (v.playlistType !== "EVENT") problems.push(`R10: a growing film of type ${v.playlistType}`);
    if (v.first > 0) problems.push(`R10: a growing film that begins with segment ${v.first}`);
    return problems;
  }
  if (v.playlistType !== undefined) {
    problems.push(`R10: a rolling playlist has the type ${v.playlistType}`);
  }
  return [...problems, ...problemsOfDates(v)];
}

/** R12: the first segment and each discontinuity have a date, and the dates run as the film does. */
function problemsOfDates(v: ParsedVersion): string[] {
  let expectedMs: number | undefined;
  for (const [index, { uri, seconds, programMs, isDiscontinuity }] of v.segments.entries()) {
    if (programMs === undefined && (index === 0 || isDiscontinuity)) {
      return [`R12: ${uri} has no date`];
    }
    const atMs = programMs ?? expectedMs ?? 0;
    if (
      expectedMs !== undefined &&
      !isDiscontinuity &&
      Math.abs(atMs - expectedMs) > DATE_TOLERANCE_MS
    ) {
      return [`R12: ${uri} is ${Math.round(atMs - expectedMs)} ms off the segment before it`];
    }
    expectedMs = atMs + seconds * 1000;
  }
  return [];
}

/** Rules that the step from one version of a rolling playlist to the next can break; R8 is apart. */
export function problemsOfLiveStep(before: ParsedVersion, v: ParsedVersion): string[] {
  const problems: string[] = [];
  if (v.targetSeconds !== before.targetSeconds) {
    problems.push(`R1: target duration ${before.targetSeconds} became ${v.targetSeconds}`);
  }
  if (before.isEnded) problems.push("R9: a playlist changed after its ENDLIST");
  if (v.first < before.first) {
    problems.push(`R4: media sequence went from ${before.first} back to ${v.first}`);
  }
  for (let n = v.first; n < before.first + before.segments.length; n += 1) {
    const [was, is] = [segmentAt(before, n), segmentAt(v, n)];
    if (was === undefined) continue;
    if (is?.uri !== was.uri || is.seconds !== was.seconds) {
      problems.push(`R2/R4: sequence ${n} was ${was.uri} and is ${is?.uri ?? "gone"}`);
      break;
    }
    if (is.programMs === was.programMs) continue;
    problems.push(`R12: the date of ${was.uri} changed`);
    break;
  }
  const removed = removedSegments(before, v);
  const seconds = secondsOf(v.segments);
  if (removed.length > 0 && !v.isEnded && seconds < 3 * v.targetSeconds - 1e-3) {
    problems.push(`R5: segments were removed from a list that then lasts ${seconds} s`);
  }
  const wanted =
    before.discontinuitySequence + removed.filter(({ isDiscontinuity }) => isDiscontinuity).length;
  if (v.discontinuitySequence !== wanted) {
    problems.push(`R7: discontinuity sequence ${v.discontinuitySequence}, expected ${wanted}`);
  }
  return problems;
}

/**
 * A whole film never changes but that its segments become byte ranges of one file, and that its end
 * may be cut where that is allowed.
 */
export function problemsOfVodStep(
  before: ParsedVersion,
  v: ParsedVersion,
  mayBeCut: boolean,
): string[] {
  const problems: string[] = [];
  if (v.targetSeconds !== before.targetSeconds) {
    problems.push(`R1: target duration ${before.targetSeconds} became ${v.targetSeconds}`);
  }
  const isCut = mayBeCut && v.segments.length <= before.segments.length;
  if (v.segments.length !== before.segments.length && !isCut) {
    problems.push(`R10: ${before.segments.length} segments became ${v.segments.length}`);
  }
  for (const [index, was] of before.segments.entries()) {
    const is = v.segments[index];
    if (is === undefined) break;
    const isSame = is.uri === was.uri && is.range === was.range;
    const isNowRange = was.range === undefined && is.range !== undefined;
    const isCutHere = isCut && index === v.segments.length - 1 && is.seconds < was.seconds;
    if ((is.seconds === was.seconds || isCutHere) && (isSame || isNowRange)) continue;
    problems.push(`R10: ${was.uri} of ${was.seconds} s became ${is.uri} of ${is.seconds} s`);
    break;
  }
  return problems;
}

/** What `before` listed at its front and `v` does not list any more. */
export const removedSegments = (before: ParsedVersion, v: ParsedVersion) =>
  before.segments.slice(0, Math.max(0, v.first - before.first));

/** R13: two playlists of one film tell the same of each segment that both list. */
export function variantProblems(a: ParsedVersion, b: ParsedVersion): string[] {
  const problems: string[] = [];
  if (a.targetSeconds !== b.targetSeconds) {
    problems.push(`R13: target durations ${a.targetSeconds} and ${b.targetSeconds}`);
  }
  const end = Math.min(a.first + a.segments.length, b.first + b.segments.length);
  for (let n = Math.max(a.first, b.first); n < end; n += 1) {
    const [mine, theirs] = [segmentAt(a, n), segmentAt(b, n)];
    const isSame =
      mine?.seconds === theirs?.seconds && mine?.isDiscontinuity === theirs?.isDiscontinuity;
    if (!isSame) problems.push(`R13: segment ${n}: ${mine?.seconds} s and ${theirs?.seconds} s`);
  }
  return problems;
}
