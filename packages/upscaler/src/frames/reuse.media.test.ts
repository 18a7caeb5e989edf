import { createHash } from "node:crypto";
import { join } from "node:path";
import { enlarged, type ModelSpec, type Rung } from "@upreel/core";
import { makeTempFolder, runFfmpeg, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createUpscaler, type Upscaler } from "../upscaler.ts";
import { builtInRung, upscaleFile } from "./testing/upscale-file.ts";

const FRAMES = 40;
/** A still, a moving box, a counter in the corner, black bars, a pause and a cut: as films have them. */
const FILM =
  "[0:v]trim=end_frame=1,loop=-1:1,setpts=N/25/TB,drawbox=c=black:t=fill:h=ih/8," +
  "drawbox=c=black:t=fill:y=ih*7/8[still];[1:v]scale=iw/6:ih/6[small];" +
  "[still][small]overlay=x='mod(4*n,W)':y='H/3+if(between(n,12,18),0,n)':eval=frame," +
  "drawbox=x=0:y=0:w=2:h=2:c=white:t=fill:enable='gt(mod(n,7),4)'," +
  "negate=enable='gte(n,30)'";

describe("reuse of what stands still", () => {
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

  /** Three planes of this size; or, for other factors than ×2, one that is so high that it holds luma and its chroma. */
  async function makeFrames(
    [width, pictureHeight]: readonly [number, number],
    { scale }: Pick<ModelSpec, "scale">,
    filter = FILM,
  ): Promise<string> {
    const file = join(folder.path, `${width}x${pictureHeight}.raw`);
    const chromaLines = 2 * Math.ceil(enlarged(pictureHeight, scale) / 2);
    const height = scale === 2 ? pictureHeight : pictureHeight + chromaLines * (scale > 2 ? 2 : 1);
    const pixelFormat = scale === 2 ? "yuv444p" : "gray";
    const source = (name: string): string[] => [
      "-f",
      "lavfi",
      "-i",
      `${name}=s=${width}x${height}:r=25`,
    ];
    await runFfmpeg([
      ...[...source("mandelbrot"), ...source("testsrc2"), "-filter_complex", filter],
      ...["-frames:v", String(FRAMES), "-f", "rawvideo", "-pix_fmt", pixelFormat, "-y", file],
    ]);
    return file;
  }

  async function upscale(
    file: string,
    width: number,
    height: number,
    rung: Rung,
    inferAll: boolean,
  ) {
    const film = { file, width, height, frames: FRAMES };
    const { bytes, saved } = await upscaleFile(two, film, { rung, inferAll });
    return { hash: createHash("sha1").update(bytes).digest("hex"), saved };
  }

  describe.each([
    ...["x2-live16x1-int8", "x2-live16x4-int8", "x2-live16x2-fp32", "x2-full16"],
    ...["x1.5-sharp16x1-50-int8", "x1.5-sharp16x1-50-fp32"],
    ...["x3-sharp16x1-50-int8", "x3-sharp16x1-50-fp32", "x4-sharp16x1-50-int8"],
  ])("with %s", (name) => {
    it.each([
      [320, 180],
      [319, 181],
      [162, 91],
    ])("gives the bits of inferring everything, at %d×%d", async (width, height) => {
      const file = await makeFrames([width, height], builtInRung(name).model);
      const whole = await upscale(file, width, height, builtInRung(name), true);
      const reused = await upscale(file, width, height, builtInRung(name), false);
      expect(reused.hash).toBe(whole.hash);
      expect(whole.saved).toBe(0);
      expect(reused.saved).toBeGreaterThan(0.5);
    });
  });

  it("saves nothing of grain, and changes nothing", async () => {
    const rung = builtInRung("x2-live16x1-int8");
    const noise = "[0:v][1:v]overlay,noise=alls=12:allf=t";
    const file = await makeFrames([320, 180], rung.model, noise);
    const whole = await upscale(file, 320, 180, rung, true);
    const reused = await upscale(file, 320, 180, rung, false);
    expect(reused).toEqual(whole);
  });
});
