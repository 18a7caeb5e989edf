const LINE =
  /^upreel_frames_in_vain_total\{why="(\w+)"\} (\d+)$|^(upreel_farm_late_segments_total) (\d+)$/gm;
/** Beside the frames by why: segments of workers that were refused since their run was over. */
const LATE = "late";

/** What a gateway has made in vain since it started, by why, as `/metrics` tells. */
export async function readInVain(url: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return new Map(
    [...text.matchAll(LINE)].map(([, why = LATE, frames, , segments]) => [
      why,
      Number(frames ?? segments),
    ]),
  );
}

/** The same over all gateways that follow each other at one address; what the last seconds of a killed one were is lost. */
export function followInVain(url: string) {
  const before = new Map<string, number>();
  let last: ReadonlyMap<string, number> = new Map();
  return {
    async look(): Promise<void> {
      // It may be the one that was killed.
      const now = await readInVain(url).catch(() => last);
      const isAnother = [...now].some(([why, count]) => count < (last.get(why) ?? 0));
      if (isAnother)
        for (const [why, count] of last) before.set(why, (before.get(why) ?? 0) + count);
      last = now;
    },
    sums: (): readonly (readonly [string, number])[] =>
      [...last].map(([why, count]) => [why, count + (before.get(why) ?? 0)]),
  };
}
