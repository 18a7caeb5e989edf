import { Parser } from "m3u8-parser";

/** One version of a playlist that clients could see. */
export interface PlaylistVersion {
  readonly text: string;
  readonly atMs: number;
}

interface ParsedSegment {
  readonly uri: string;
  readonly duration: number;
  readonly isDiscontinuity: boolean;
}

interface ParsedVersion {
  readonly atMs: number;
  readonly targetDuration: number;
  readonly first: number;
  readonly segments: readonly ParsedSegment[];
  readonly discontinuitySequence: number;
  readonly isEnded: boolean;
  readonly playlistType: string | undefined;
}

/**
 * Keeps every version of one live playlist and tells which rules of RFC 8216 it broke. R1, R2, …
 * are: one target duration that no EXTINF exceeds; whole files that only grow at the end and shrink
 * at the front; media sequence in step with what was removed; no removal below three target
 * durations; discontinuity sequence; ENDLIST after the last; no type on a rolling window.
 */
export class PlaylistChecker {
  readonly #versions: ParsedVersion[] = [];
  readonly #problems: string[] = [];
  #lastText: string | undefined;

  /** Every text that was read, also an unchanged one. */
  add({ text, atMs }: PlaylistVersion): void {
    if (text === this.#lastText) return;
    this.#lastText = text;
    const version = this.#parse(text, atMs);
    if (version === undefined) return;
    this.#checkAlone(version);
    const before = this.#versions.at(-1);
    if (before !== undefined) this.#checkStep(before, version);
    this.#versions.push(version);
  }

  /** Broken rules in the order they were seen; empty when all is well. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** Versions that differ. */
  get versions(): readonly ParsedVersion[] {
    return this.#versions;
  }

  /** Call at the end of a broadcast: the last version must say that it is the last (R9). */
  checkEnd(): readonly string[] {
    if (this.#versions.at(-1)?.isEnded !== true) this.#problems.push("R9: no ENDLIST at the end");
    return this.#problems;
  }

  #parse(text: string, atMs: number): ParsedVersion | undefined {
    if (!text.startsWith("#EXTM3U\n") || !text.endsWith("\n")) {
      this.#problems.push(`R2: a partial file was seen: ${JSON.stringify(text.slice(-80))}`);
      return undefined;
    }
    const parser = new Parser();
    parser.push(text);
    parser.end();
    const { manifest } = parser;
    return {
      atMs,
      targetDuration: manifest.targetDuration ?? 0,
      first: manifest.mediaSequence ?? 0,
      segments: manifest.segments.map(({ uri, duration, discontinuity }) => ({
        uri,
        duration,
        isDiscontinuity: discontinuity === true,
      })),
      discontinuitySequence: manifest.discontinuitySequence ?? 0,
      isEnded: manifest.endList === true,
      playlistType: manifest.playlistType,
    };
  }

  #checkAlone(v: ParsedVersion): void {
    for (const { uri, duration } of v.segments) {
      if (Math.round(duration) > v.targetDuration) {
        this.#problems.push(
          `R1: ${uri} lasts ${duration} s, target duration ${v.targetDuration} s`,
        );
      }
    }
    if (v.segments.length === 0) this.#problems.push("R2: no segment is listed");
    if (v.playlistType !== undefined) {
      this.#problems.push(`R10: a rolling playlist has the type ${v.playlistType}`);
    }
  }

  #checkStep(before: ParsedVersion, v: ParsedVersion): void {
    const problems = this.#problems;
    if (v.targetDuration !== before.targetDuration) {
      problems.push(`R1: target duration ${before.targetDuration} became ${v.targetDuration}`);
    }
    if (before.isEnded) problems.push("R9: a playlist changed after its ENDLIST");
    if (v.first < before.first) {
      problems.push(`R4: media sequence went from ${before.first} back to ${v.first}`);
    }
    const removed = v.first - before.first;
    const kept = before.segments.slice(Math.max(0, removed));
    for (const [index, { uri, duration }] of kept.entries()) {
      const now = v.segments[index];
      if (now?.uri !== uri || now.duration !== duration) {
        problems.push(`R2/R4: sequence ${v.first + index} was ${uri} and is ${now?.uri ?? "gone"}`);
        break;
      }
    }
    const seconds = v.segments.reduce((sum, segment) => sum + segment.duration, 0);
    if (removed > 0 && !v.isEnded && seconds < 3 * v.targetDuration - 1e-3) {
      problems.push(`R5: segments were removed from a list that then lasts ${seconds} s`);
    }
    const passed = before.segments.slice(0, Math.max(0, removed));
    const wanted =
      before.discontinuitySequence + passed.filter((segment) => segment.isDiscontinuity).length;
    if (v.discontinuitySequence !== wanted) {
      problems.push(`R7: discontinuity sequence ${v.discontinuitySequence}, expected ${wanted}`);
    }
  }
}
