import { stat } from "node:fs/promises";
import { getPriority } from "node:os";
import type { FilmFacts } from "@upreel/core";
import { lookAtContent, probeSource, takeLook, type Probed } from "@upreel/media";
import type { Host } from "@upreel/plugin-sdk";
import { barsOf, usualBars, type SeenBars } from "./bars.ts";
import { judgeCompression } from "./compression.ts";
import { countCuts } from "./cuts.ts";
import type { FilmTools } from "./film-tools.ts";
import { measureLoudness } from "./loudness.ts";
import { readLuma } from "./luma.ts";
import { blockEdges, noiseOf } from "./noise.ts";
import { median } from "./median.ts";
import { readQuantiser } from "./quantiser.ts";

/** The facts of a film; what cannot be told is null. Throws where it cannot be opened at all, and with the reason of `signal`. */
export async function lookAtFilm(
  path: string,
  tools: FilmTools,
  host: Pick<Host, "log">,
  signal: AbortSignal,
): Promise<FilmFacts> {
  const { size, mtimeMs } = await stat(path);
  const film = await probeSource(
    { path, sizeBytes: size, modifiedMs: mtimeMs },
    // A plugin stands behind all others: what it starts does, too, and has the time that takes.
    { ...tools, niceness: getPriority() },
    signal,
    { looksThoroughly: true },
  );
  /** One fact that fails leaves the others. */
  const told = async <T>(what: string, work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (thrown) {
      signal.throwIfAborted();
      host.log(
        "warn",
        `${path}: ${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      );
      return null;
    }
  };
  const content = await told("content", () =>
    lookAtContent(film, { ffmpeg: tools.ffmpeg, look: takeLook }, signal),
  );
  const pictures = await told("pictures", () => lookAtPictures(film, tools, signal));
  const quantiser = await told("compression", () => readQuantiser(film, tools, signal));
  return {
    scan: film.seen ?? null,
    content: content === null ? null : { kind: content.content, why: content.why },
    bars: pictures?.bars ?? null,
    noise: pictures?.noise ?? null,
    compression: judgeCompression(quantiser ?? undefined, pictures?.edges),
    cuts_per_minute: await told("cuts", () => countCuts(film, tools, signal)),
    loudness: await told("loudness", () => measureLoudness(film, tools, signal)),
  };
}

async function lookAtPictures(film: Probed, tools: FilmTools, signal: AbortSignal) {
  const seen: { bars: SeenBars; noise: number | undefined; edges: number | undefined }[] = [];
  for await (const picture of readLuma(film, tools, signal))
    seen.push({ bars: barsOf(picture), noise: noiseOf(picture), edges: blockEdges(picture) });
  if (seen.length === 0) throw new Error("no picture could be decoded");
  const round = (value: number | undefined): number | undefined =>
    value === undefined ? undefined : Math.round(100 * value) / 100;
  return {
    bars: usualBars(seen.map(({ bars }) => bars)),
    noise: round(median(seen.map(({ noise }) => noise))),
    edges: round(median(seen.map(({ edges }) => edges))),
  };
}
