import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { segmentFileName } from "@upreel/core";
import type { RunningGateway } from "../../tests/support/start-gateway.ts";

/** Segments that a viewer jumps to, in this order, in a film of at least fifteen. */
const JUMPS = [8, 3, 12, 5];

/** Share of a film's frames that was made more than once, with a viewer who jumps about in it. */
export async function measureMadeTwice(gateway: RunningGateway, clip: string, folder: string) {
  const path = join(folder, "jumps.mp4");
  await copyFile(clip, path);
  const linesBefore = gateway.logLines.length;
  const { id } = await gateway.trigger(path);
  for (const k of JUMPS) {
    const url = `${gateway.url}/hls/${id}/segments/${segmentFileName(k)}`;
    await (await fetch(url)).arrayBuffer();
  }
  const done = await gateway.waitFor(id, ({ state }) => state === "complete", 600_000);
  const made = gateway.logLines
    .slice(linesBefore)
    .map((line) => Number(/Run \S+ ended: .* of (\d+) frames/.exec(line)?.[1] ?? 0))
    .reduce((sum, frames) => sum + frames, 0);
  const frames = done.frames_total ?? Number.NaN;
  return (made - frames) / frames;
}
