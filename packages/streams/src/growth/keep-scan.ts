import type { Source } from "@upreel/core";

/** Film that was made video of has a rate of its own, which a film that has begun cannot change to, or from. */
export function keepScan(said: Source, found: Source): Source {
  const isTelecine = [said, found].some(({ video }) => video.scan?.kind === "telecine");
  if (!isTelecine) return found;
  const { scan: _, ...video } = found.video;
  const { scan } = said.video;
  return { ...found, video: scan === undefined ? video : { ...video, scan } };
}
