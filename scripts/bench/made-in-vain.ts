import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { segmentFileName } from "@upreel/core";
import type { RunningGateway } from "../../tests/support/start-gateway.ts";

/** Segments that a viewer jumps to, in this order, in a film of at least fifteen. */
const JUMPS = [8, 3, 12, 5];

const ENDED = /Run \S+ ended: \S+ (\d+) segments of (\d+) frames/;

/**
 * Share of a film's frames that were made of segments which never were published, with a viewer who jumps about in it: what
 * runs had begun when they ended. What a better network makes again is published, and so not in vain.
 */
export async function measureMadeInVain(gateway: RunningGateway, clip: string, folder: string) {
  const path = join(folder, "jumps.mp4");
  await copyFile(clip, path);
  const linesBefore = gateway.logLines.length;
  const { id } = await gateway.trigger(path);
  for (const k of JUMPS) {
    const url = `${gateway.url}/hls/${id}/segments/${segmentFileName(k)}`;
    await (await fetch(url)).arrayBuffer();
  }
  const { frames_total: frames, segments_total: segments } = await gateway.waitFor(
    id,
    ({ state }) => state === "complete",
    600_000,
  );
  if (!frames || !segments) return Number.NaN;
  const perSegment = Math.ceil(frames / segments);
  const inVain = gateway.logLines.slice(linesBefore).reduce((sum, line) => {
    const [, published, made] = ENDED.exec(line) ?? [];
    // The film's last segment is a short one.
    return sum + Math.max(0, Number(made ?? 0) - Number(published ?? 0) * perSegment);
  }, 0);
  return inVain / frames;
}
