import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Hdr } from "@upreel/core";
import { toneMap, type Rgb } from "./tone-map.ts";
import { writeOnce } from "./write-once.ts";

/** Colours a side: between them ffmpeg interpolates, at most 1.2 of ΔE 2000 away from the function. */
const SIDE = 65;

/** The file of `writeCube`, which ffmpeg's `lut3d` reads. One for each kind of film, for all of its decoders. */
export const cubePath = ({ base, peakNits }: Hdr): string =>
  join(tmpdir(), `upreel-sdr-of-${base}-${peakNits}.cube`);

/** Makes sure that the file at `cubePath` is there: every colour of HDR with its one of SDR. */
export const writeCube = (hdr: Hdr): Promise<void> =>
  writeTable(cubePath(hdr), (code) => toneMap(hdr, code));

/** Makes sure that a table of colours is at `path`, as ffmpeg's `lut3d` reads it. */
export const writeTable = (path: string, map: (code: Rgb) => Rgb): Promise<void> =>
  writeOnce(path, async (file) => {
    await file.write(`LUT_3D_SIZE ${SIDE}\n`);
    for (let blue = 0; blue < SIDE; blue += 1) {
      await file.write(slice(map, blue));
      // All of them take a good part of a second: others have their turn between.
      await setImmediate();
    }
  });

/** Lines of one blue; red changes fastest. */
function slice(map: (code: Rgb) => Rgb, blue: number): string {
  const at = (index: number): number => index / (SIDE - 1);
  const lines = Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [r, g, b] = map([at(i % SIDE), at(Math.floor(i / SIDE)), at(blue)]);
    return `${r.toFixed(5)} ${g.toFixed(5)} ${b.toFixed(5)}\n`;
  });
  return lines.join("");
}
