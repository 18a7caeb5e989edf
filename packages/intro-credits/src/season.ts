import type { ScanFile } from "@upreel/plugin-sdk";
import { agree } from "./agree.ts";
import { commonSound } from "./common-sound.ts";
import type { Span } from "./span.ts";

/** An episode, and the sound of the part that is compared. */
export interface HeardEpisode {
  readonly file: ScanFile;
  readonly points: Uint32Array;
  /** Where the part begins. */
  readonly start: number;
}

/** Each is compared with so many of those after it: what is in all of them is in its neighbours. */
const NEIGHBOURS = 3;

/** What episodes sound alike in, by the ids of their files. */
export function findCommonSpans(episodes: readonly HeardEpisode[]): ReadonlyMap<string, Span> {
  const found = new Map<string, Span[]>();
  const add = ({ file, start }: HeardEpisode, span: Span): void => {
    const known = found.get(file.fileId) ?? [];
    found.set(file.fileId, known);
    known.push({ start: start + span.start, end: start + span.end });
  };
  for (const [n, one] of episodes.entries())
    // The last ones are compared with the first: each has as many to agree with.
    for (let k = 1; k <= Math.min(NEIGHBOURS, episodes.length - 1); k += 1) {
      const other = episodes[(n + k) % episodes.length];
      if (other === undefined) continue;
      const common = commonSound(one.points, other.points);
      if (common === undefined) continue;
      add(one, common.a);
      add(other, common.b);
    }
  return new Map(
    [...found].flatMap(([id, spans]) => {
      const span = agree(spans);
      return span === undefined ? [] : [[id, span] as const];
    }),
  );
}
