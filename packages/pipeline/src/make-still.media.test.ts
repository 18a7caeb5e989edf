import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { PLAIN_SCALER, type Rung, type StillOrder } from "@upreel/core";
import { buildTimeline, planOutput, probeSource } from "@upreel/media";
import { makeClip, makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { createCatalogue } from "@upreel/upscaler";
import { expect, test } from "vitest";
import { makeStill } from "./make-still.ts";

/** Every frame has a grey of its own: 16 + 4 for each of 50, then again. */
const GREYS = ["-vf", "geq=lum='16+4*mod(N,50)':cb=128:cr=128", "-bf", "2", "-g", "40"];

async function orderFor(
  path: string,
  scale = 2,
): Promise<Omit<StillOrder, "frame" | "rung" | "target">> {
  const { size, mtimeMs } = await stat(path);
  const file = { path, sizeBytes: size, modifiedMs: mtimeMs };
  const probed = await probeSource(
    file,
    { ffprobe: "ffprobe", ffmpeg: "ffmpeg" },
    AbortSignal.timeout(240_000),
  );
  const { source } = probed;
  const wish = { scale, encoder: "libx264", quality: 20, maxOutputHeight: 2160 } as const;
  return { source, timeline: buildTimeline(probed, 2), output: planOutput({ source, ...wish }) };
}

/** Which of the fifty greys a PNG has in its middle. */
async function greyOf(png: string): Promise<number> {
  const raw = `${png}.raw`;
  const middle = "crop=2:2,scale=out_range=pc,format=gray";
  await runFfmpeg(["-i", png, "-vf", middle, "-f", "rawvideo", raw]);
  const [value = 0] = await readFile(raw);
  // 219 steps of video are 255 of a picture.
  return Math.round((value * 219) / 255 / 4);
}

test("a still is exactly the frame that is asked for, in the output's size, by any model", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "film.mkv");
  const size = { width: 64, height: 36, rate: "24000/1001", seconds: 16 };
  const order = await orderFor(await makeClip(path, { ...size, audio: false, extraArgs: GREYS }));
  await using stack = new AsyncDisposableStack();
  const closing = new AbortController();
  stack.defer(() => closing.abort());
  const catalogue = createCatalogue({
    folder: folder.path,
    prepare: () => Promise.reject(new Error("nothing is imported here")),
    signal: closing.signal,
    onSettled: () => {},
  });
  const network = await catalogue.find("upreel-x2-live16x0-fp32");
  const rungs: readonly (Rung | null)[] = [
    null,
    { model: PLAIN_SCALER, provider: "ffmpeg" },
    { model: network, provider: "cpu" },
  ];
  for (const [i, rung] of rungs.entries()) {
    // The first one, one far into the film, and the last one.
    for (const frame of i === 0 ? [0, 333, order.timeline.frameCount - 1] : [333]) {
      const target = join(folder.path, `${i}-${frame}.png`);
      const { inferenceMs } = await makeStill(
        { ...order, frame, rung, target },
        { ffmpeg: "ffmpeg" },
      );
      expect(inferenceMs === null).toBe(rung?.provider !== "cpu");
      expect(await greyOf(target), `frame ${frame} by ${i}`).toBe(frame % 50);
      const header = await readFile(target);
      expect([header.readUInt32BE(16), header.readUInt32BE(20)]).toEqual([128, 72]);
    }
  }
});

test.each([
  [1.5, 96, 64],
  [1.5, 97, 67],
  [3, 96, 64],
  [3, 97, 67],
  [4, 96, 64],
  [4, 97, 67],
] as const)(
  "a network of ×%f gives the picture and the colours in place, of %i×%i",
  async (scale, width, height) => {
    await using folder = await makeTempFolder();
    const path = join(folder.path, "film.mkv");
    const soft = `testsrc2=s=${width}x${height}:d=1,gblur=2.5,format=yuv420p`;
    await runFfmpeg(["-f", "lavfi", "-i", soft, "-c:v", "ffv1", path]);
    const order = await orderFor(path, scale);
    const network = await createCatalogue().find(`upreel-x${scale}-sharp16x1-50-int8`);
    const rungs: readonly Rung[] = [
      { model: PLAIN_SCALER, provider: "ffmpeg" },
      { model: network, provider: "cpu" },
    ];
    const pictures = await Promise.all(
      rungs.map(async (rung, i) => {
        const target = join(folder.path, `${i}.png`);
        await makeStill({ ...order, frame: 5, rung, target }, { ffmpeg: "ffmpeg" });
        await runFfmpeg(["-i", target, "-f", "rawvideo", "-pix_fmt", "rgb24", `${target}.raw`]);
        return readFile(`${target}.raw`);
      }),
    );
    const [plain = Buffer.alloc(0), made = Buffer.alloc(0)] = pictures;
    expect(made).toHaveLength(3 * order.output.width * order.output.height);
    const away = made.map((value, at) => Math.abs(value - (plain[at] ?? 0)));
    // A quarter of a pixel to one side would be 3 levels in the mean here.
    expect(away.reduce((sum, each) => sum + each, 0) / away.length).toBeLessThan(2);
  },
);

test("a film that cannot be read says so", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "film.mp4");
  const clip = { width: 64, height: 36, rate: 25, seconds: 1, audio: false as const };
  const order = await orderFor(await makeClip(path, clip));
  const source = { ...order.source, path: `${path}.gone` };
  const target = join(folder.path, "still.png");
  const still = makeStill({ ...order, source, frame: 3, rung: null, target }, { ffmpeg: "ffmpeg" });
  await expect(still).rejects.toMatchObject({ code: "decoder_failed" });
});
