import { join } from "node:path";
import { makeTempFolder, runFfmpeg, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createUpscaler, type Upscaler } from "../upscaler.ts";
import { builtInRung, upscaleFile } from "./testing/upscale-file.ts";

const FRAMES = 24;
const SIZE = { width: 640, height: 360 };
/** The halo of the networks that are used here. */
const HALO = 4;

/** Nothing stands still but the bars, and those only as far as the codec lets them. */
const GRAIN = "mandelbrot=s=640x360:r=25,noise=alls=8:allf=t";
const WIDE = { filters: "crop=640:268,pad=640:360:0:46:black", bars: [0, 46, 640, 314] } as const;
const NARROW = { filters: "crop=480:360,pad=640:360:80:0:black", bars: [80, 0, 560, 360] } as const;
/** In these frames a subtitle stands in the bar, or there are no bars. */
const OTHER = { from: 8, to: 15 } as const;
const enable = `enable='between(n,${OTHER.from},${OTHER.to})'`;
const SUBTITLED = {
  filters: `${WIDE.filters},drawbox=x=250:y=325:w=120:h=14:c=white:t=fill:${enable}`,
  bars: WIDE.bars,
  otherwise: [0, 46, 640, 339],
} as const;
const never = `enable='not(between(n,${OTHER.from},${OTHER.to}))'`;
const OPENING = {
  filters: `drawbox=h=46:c=black:t=fill:${never},drawbox=y=314:h=46:c=black:t=fill:${never}`,
  bars: WIDE.bars,
  otherwise: [0, 0, 640, 360],
} as const;
const CODECS = {
  h264: ["-c:v", "libx264", "-preset", "veryfast", "-crf", "30"],
  mpeg2: ["-c:v", "mpeg2video", "-b:v", "2M"],
} as const;
/** As the decoder gives them: for ×1.5 one plane, so high that it holds luma and smaller chroma. */
const FORMATS = { 2: "format=yuv444p", 1.5: "format=yuv444p,extractplanes=y,pad=640:900" } as const;

describe("bars of a film", () => {
  let folder: TempFolder;
  let two: Upscaler;
  beforeAll(async () => {
    folder = await makeTempFolder();
    two = createUpscaler({ threads: 2 });
  });
  afterAll(async () => {
    await two[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  async function makeFilm(filters: string, codec: keyof typeof CODECS, format: string) {
    const [coded, file] = [join(folder.path, "film.mkv"), join(folder.path, "film.raw")];
    const source = ["-f", "lavfi", "-i", `${GRAIN},${filters},format=yuv420p`];
    await runFfmpeg([...source, "-frames:v", String(FRAMES), ...CODECS[codec], "-y", coded]);
    await runFfmpeg(["-i", coded, "-vf", format, "-f", "rawvideo", "-y", file]);
    return file;
  }

  it.each([
    ["above and below it", WIDE, "h264", "x2-live16x1-int8", 0.17],
    ["on both sides", NARROW, "h264", "x2-live16x1-int8", 0.17],
    ["that MPEG-2 made", WIDE, "mpeg2", "x2-live16x1-int8", 0.15],
    ["beside a smaller enlargement", WIDE, "h264", "x1.5-live16x1-int8", 0.17],
    ["with a subtitle in them", SUBTITLED, "h264", "x2-live16x1-int8", 0.12],
    ["that are not always there", OPENING, "h264", "x2-live16x1-int8", 0.08],
  ] as const)("%s are left out, and all else is as if they were not", async (...row) => {
    const [, film, codec, name, least] = row;
    const rung = builtInRung(name);
    const { scale } = rung.model;
    const file = await makeFilm(film.filters, codec, FORMATS[scale as keyof typeof FORMATS]);
    const raw = { file, ...SIZE, frames: FRAMES };
    const { bytes: whole } = await upscaleFile(two, raw, { rung, inferAll: true });
    // How the network can be cut is proved beside the first pictures, which are inferred whole meanwhile.
    await upscaleFile(two, raw, { rung, inferAll: false });
    const { bytes, saved } = await upscaleFile(two, raw, { rung, inferAll: false });
    expect(saved).toBeGreaterThan(least);
    const [wide, high] = [SIZE.width * scale, SIZE.height * scale];
    const frameBytes = bytes.length / FRAMES;
    for (let frame = 0; frame < FRAMES; frame++) {
      const isOther = "otherwise" in film && frame >= OTHER.from && frame <= OTHER.to;
      const picture = (isOther ? film.otherwise : film.bars).map((side) => side * scale);
      const [ours, theirs] = [bytes, whole].map((all) =>
        all.subarray(frame * frameBytes, (frame + 1) * frameBytes),
      ) as [Buffer, Buffer];
      const most = mostApart(ours, theirs, wide, high, picture as [number, number, number, number]);
      // What lies a halo away from the bars has nothing of them.
      expect(most.inside).toBe(0);
      // What the codec left in the bars is gone, and no line stands where they begin.
      expect(most.anywhere).toBeLessThanOrEqual(4);
      expect(ours.subarray(wide * high)).toEqual(theirs.subarray(wide * high));
    }

    function mostApart(
      ours: Buffer,
      theirs: Buffer,
      width: number,
      height: number,
      [left, top, right, bottom]: readonly [number, number, number, number],
    ) {
      const most = { inside: 0, anywhere: 0 };
      const halo = HALO * scale;
      const isIn = (at: number, from: number, to: number, end: number): boolean =>
        (from === 0 || at >= from + halo) && (to === end || at < to - halo);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const at = y * width + x;
          const apart = Math.abs((ours[at] as number) - (theirs[at] as number));
          if (apart === 0) continue;
          most.anywhere = Math.max(most.anywhere, apart);
          if (isIn(x, left, right, width) && isIn(y, top, bottom, height)) most.inside = apart;
        }
      }
      return most;
    }
  });
});
