import {
  type PlaylistKind,
  problemsOfLiveStep,
  problemsOfVersion,
  problemsOfVodStep,
  removedSegments,
} from "./playlist-rules.ts";
import { PlaylistTimes, type TimeTolerance } from "./playlist-times.ts";
import {
  parseVersion,
  secondsOf,
  segmentAt,
  type ParsedVersion,
  type PlaylistVersion,
} from "./playlist-version.ts";

/** How a segment was answered; `bytes`: its Content-Length. */
export interface SegmentAnswer {
  readonly uri: string;
  readonly status: number;
  readonly bytes: number | undefined;
  readonly atMs: number;
}

/** How a playlist was answered to a client that takes gzip. */
export interface PlaylistAnswer {
  readonly text: string;
  readonly encoding: string | null;
}

/** Below this, gzip saves no packet. */
const WORTH_GZIP_BYTES = 1500;

/**
 * Keeps every version of one playlist, and how it and its segments were answered, and tells which of
 * these rules (RFC 8216 sections 4.3.3, 6.2.1, 6.2.2) it broke:
 *  R1 one target duration that no EXTINF exceeds · R2 whole files that only grow at the end and shrink
 *  at the front, and nothing else is served · R3 what is listed can be had, with one length · R4 media
 *  sequence in step with what was removed · R5 no removal below three target durations · R6 what was
 *  removed stays as long as its list was, and itself · R7 discontinuity sequence · R8 new versions half
 *  to one and a half target durations apart · R9 ENDLIST after the last, and no change after it ·
 *  R10 no type on a rolling window, no change of a whole film, one of a growing film (`event`) that is · R11 a playlist that is gone answers
 *  404 or 410, its segments stay for its duration · R12 dates · R13 `variantProblems` · R14 gzip.
 */
export class PlaylistChecker {
  readonly #kind: PlaylistKind;
  #versions: ParsedVersion[] = [];
  readonly #problems = new Set<string>();
  readonly #texts = new Set<string>();
  readonly #served = new Set<string>();
  readonly #bytes = new Map<string, number>();
  /** Until when a URI must be there, and by which rule. */
  readonly #kept = new Map<string, { readonly untilMs: number; readonly rule: "R6" | "R11" }>();
  #publishedMs = new Map<string, number>();
  /** What may still be there for a moment after it began anew. */
  #overText: string | undefined;
  #mayBeCut = false;
  readonly #times: PlaylistTimes;

  constructor(kind: PlaylistKind = "live", tolerance: TimeTolerance = {}) {
    this.#kind = kind;
    this.#times = new PlaylistTimes(tolerance);
  }

  /** Every text that was read, also an unchanged one. */
  add(read: PlaylistVersion): void {
    const before = this.#versions.at(-1);
    if (read.text === before?.text || read.text === this.#overText) return;
    const version = parseVersion(read);
    if (version === undefined) {
      this.#note([`R2: a partial file was seen: ${JSON.stringify(read.text.slice(-80))}`]);
      return;
    }
    this.#texts.add(read.text);
    this.#note(problemsOfVersion(version, this.#kind));
    if (before !== undefined) this.#checkStep(before, version);
    this.#versions.push(version);
  }

  /** Something else begins under the same name: a film that was ended is made again. */
  startAnew(): void {
    this.#overText = this.#versions.at(-1)?.text;
    this.#versions = [];
    this.#kept.clear();
    // Not cleared: steps from before are looked at in the end.
    this.#publishedMs = new Map();
    this.#bytes.clear();
  }

  /** The source ends early: nobody can know before its end that the film is shorter. */
  allowCut(): void {
    this.#mayBeCut = true;
  }

  noteSegment({ uri, status, bytes, atMs }: SegmentAnswer): void {
    const isListed = this.#versions.at(-1)?.segments.some((each) => each.uri === uri) === true;
    const kept = this.#kept.get(uri);
    if (status !== 200 || bytes === undefined) {
      const got = status === 200 ? "an answer of unknown length" : String(status);
      if (isListed) this.#note([`R3: ${uri} is listed and answered with ${got}`]);
      else if (kept !== undefined && atMs < kept.untilMs) {
        this.#note([`${kept.rule}: ${uri} was removed too early, answered with ${got}`]);
      }
      return;
    }
    const before = this.#bytes.get(uri);
    if (before !== undefined && before !== bytes) {
      this.#note([`R3: ${uri} had ${before} bytes and has ${bytes}`]);
    }
    this.#bytes.set(uri, bytes);
  }

  /** When a segment could first be had: a list that lacks it can only be late after that. */
  notePublished(uri: string, atMs: number): void {
    if (!this.#publishedMs.has(uri)) this.#publishedMs.set(uri, atMs);
  }

  /** While nobody was there to write versions: a gateway that was killed. */
  noteAbsence(fromMs: number, toMs: number): void {
    this.#times.noteAbsence(fromMs, toMs);
  }

  noteAnswer({ text, encoding }: PlaylistAnswer): void {
    this.#served.add(text);
    if (text.length < WORTH_GZIP_BYTES || encoding === "gzip") return;
    this.#note([`R14: ${text.length} bytes were answered as ${encoding ?? "plain text"}`]);
  }

  /** The playlist is not there any more. */
  noteGone({ status, atMs }: { readonly status: number; readonly atMs: number }): void {
    if (status !== 404 && status !== 410) {
      this.#note([`R11: a playlist that was removed is answered with ${status}`]);
    }
    const last = this.#versions.at(-1);
    const untilMs = atMs + secondsOf(last?.segments ?? []) * 1000;
    for (const { uri } of last?.segments ?? []) this.#kept.set(uri, { untilMs, rule: "R11" });
    this.#versions = [];
  }

  /** Broken rules in the order they were seen; empty when all is well. */
  get problems(): readonly string[] {
    const unknown = [...this.#served].filter((text) => !this.#texts.has(text));
    const served = unknown.map(
      (text) => `R2: a text was served that is no version: ${JSON.stringify(text.slice(-80))}`,
    );
    return [...this.#problems, ...this.#times.problems(), ...served];
  }

  /** Versions that differ, since it began anew. */
  get versions(): readonly ParsedVersion[] {
    return this.#versions;
  }

  /** Call at the end of a broadcast: the last version must say that it is the last (R9). */
  checkEnd(): readonly string[] {
    if (this.#versions.at(-1)?.isEnded !== true) this.#note(["R9: no ENDLIST at the end"]);
    return this.problems;
  }

  #note(problems: readonly string[]): void {
    for (const problem of problems) this.#problems.add(problem);
  }

  #checkStep(before: ParsedVersion, v: ParsedVersion): void {
    if (this.#kind === "vod") {
      this.#note(problemsOfVodStep(before, v, this.#mayBeCut));
      return;
    }
    this.#note(problemsOfLiveStep(before, v));
    this.#noteStep(before, v);
    const longest = Math.max(...this.#versions.map(({ segments }) => secondsOf(segments)));
    for (const { uri, seconds } of removedSegments(before, v)) {
      this.#kept.set(uri, { untilMs: v.atMs + (seconds + longest) * 1000, rule: "R6" });
    }
  }

  #noteStep(before: ParsedVersion, v: ParsedVersion): void {
    const next = segmentAt(v, before.first + before.segments.length);
    const published = this.#publishedMs;
    this.#times.noteStep({
      fromMs: before.atMs,
      toMs: v.atMs,
      targetMs: v.targetSeconds * 1000,
      isEnded: v.isEnded,
      hasNext: next !== undefined,
      nextMs: () => (next === undefined ? undefined : published.get(next.uri)),
    });
  }
}
