import { availableParallelism } from "node:os";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { makeFilm } from "./film.ts";
import { measureGateway } from "./gateway.ts";
import { measureParts } from "./parts.ts";
import { printRows, type Row } from "./print-rows.ts";

export interface RunBenchOptions {
  readonly json: boolean;
  /** Default: a film that is made for it. */
  readonly clip: string | undefined;
  readonly model: string;
  readonly seconds: number;
}

/** What an upscale costs here, part by part and whole, with a real gateway. */
export async function benchRun(values: RunBenchOptions): Promise<void> {
  await using folder = await makeTempFolder();
  const clip = values.clip ?? (await makeFilm(join(folder.path, "film.mp4"), values.seconds));
  const parts = await measureParts(clip, values.model, folder.path);
  const gateway = await measureGateway(clip, values.model, join(folder.path, "data"));

  const cores = availableParallelism();
  const idealFps = cores / parts.cpuSecondsPerFrame;
  const rows: readonly Row[] = [
    ["decode alone", parts.decodeMs, "ms CPU a frame"],
    ["inference alone", parts.inferenceMs, "ms CPU a frame"],
    ["inference alone", parts.megapixelsPerSecond, "Mpx a second a core"],
    ["encode alone (libx264 ultrafast)", parts.encodeMs, "ms CPU a frame"],
    ["ideal: cores ÷ CPU seconds a frame", idealFps, "fps"],
    ["whole pipeline", gateway.fps, "fps"],
    ["whole pipeline", gateway.fps / parts.rate, "× real time"],
    ["share of the ideal", (100 * gateway.fps) / idealFps, "%"],
    ["gateway start to listening", gateway.startMs, "ms"],
    ["trigger answered", gateway.triggerMs, "ms"],
    ["trigger → first segment", gateway.firstSegmentMs, "ms"],
    ["/status p50 while two films are upscaled", gateway.statusP50Ms, "ms"],
    ["/status p99 while two films are upscaled", gateway.statusP99Ms, "ms"],
    ["/upscale-trigger p99 while two films are upscaled", gateway.triggerP99Ms, "ms"],
    ["webhook p99 meanwhile, while Jellyfin hangs", gateway.webhookP99Ms, "ms"],
    ["memory of the run (worker and ffmpegs, PSS)", gateway.runMegabytes, "MB"],
    ["memory of the gateway (PSS)", gateway.gatewayMegabytes, "MB"],
  ];
  printRows(parts.description, values.model, rows, values.json);
}
