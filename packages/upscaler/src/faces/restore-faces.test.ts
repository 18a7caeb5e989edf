import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { maskAt } from "./blend-face.ts";
import { colourMatrix } from "./colour-matrix.ts";
import { loadFaceDetector } from "./face-detector.ts";
import { loadFaceRestorer } from "./face-restorer.ts";
import { frameBytes, planesOf, type FrameForm } from "./frame-form.ts";
import { createFaceFrames, type FaceFrames } from "./restore-faces.ts";
import { FACE_SIDE, tinyDetector, tinyRestorer, type Restoring } from "./testing/tiny-faces.ts";

const CPU = { provider: "cpu", threads: 1 };
const SIZE = { width: 256, height: 192 };
/** Of a frame; the detector sees the frame at half its size. */
const SQUARE = 2 * FACE_SIDE;

const FORMS: Record<string, FrameForm> = {
  "yuv420p, limited": { ...SIZE, pixelFormat: "yuv420p", matrix: "bt709", range: "tv" },
  "yuv420p, full": { ...SIZE, pixelFormat: "yuv420p", matrix: "smpte170m", range: "pc" },
  yuv444p: { ...SIZE, pixelFormat: "yuv444p", matrix: "bt2020nc", range: "tv" },
  gbrp: { ...SIZE, pixelFormat: "gbrp", matrix: "bt709", range: "pc" },
};
const LIMITED = FORMS["yuv420p, limited"] as FrameForm;

/** Dark noise with a bright square whose upper left corner is there. */
function frameWith(form: FrameForm, corner?: { x: number; y: number }): Uint8Array {
  const frame = new Uint8Array(frameBytes(form));
  for (const [index, plane] of planesOf(form).entries()) {
    const isColour = index > 0 && form.pixelFormat !== "gbrp";
    for (let i = 0; i < plane.width * plane.height; i++) {
      const x = (i % plane.width) * plane.step;
      const y = Math.floor(i / plane.width) * plane.step;
      const isFace =
        corner !== undefined &&
        x >= corner.x &&
        x < corner.x + SQUARE &&
        y >= corner.y &&
        y < corner.y + SQUARE;
      frame[plane.offset + i] = isColour ? 128 : isFace ? 235 : 20 + ((i * 7) % 13);
    }
  }
  return frame;
}

/** Samples of a plane that differ, by their places in the frame. */
function changed(form: FrameForm, before: Uint8Array, after: Uint8Array, index = 0) {
  const plane = planesOf(form)[index as 0 | 1 | 2];
  return Array.from({ length: plane.width * plane.height }, (_, i) => i)
    .filter((i) => before[plane.offset + i] !== after[plane.offset + i])
    .map((i) => ({
      x: (i % plane.width) * plane.step,
      y: Math.floor(i / plane.width) * plane.step,
    }));
}

describe("faces in frames", () => {
  let folder: TempFolder;
  beforeAll(async () => {
    folder = await makeTempFolder();
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  let files = 0;
  const write = async (bytes: Uint8Array): Promise<string> => {
    const file = join(folder.path, `${++files}.onnx`);
    await writeFile(file, bytes);
    return file;
  };
  async function open(form: FrameForm, how: Restoring): Promise<FaceFrames> {
    return createFaceFrames(form, {
      detector: await loadFaceDetector(await write(tinyDetector()), CPU),
      restorer: await loadFaceRestorer(await write(tinyRestorer(how)), CPU),
    });
  }

  it.each(Object.keys(FORMS))(
    "%s: the face changes, all around it stays bit for bit",
    async (name) => {
      const form = FORMS[name] as FrameForm;
      const faces = await open(form, "darker");
      const corner = { x: 64, y: 48 };
      const [before, frame] = [frameWith(form, corner), frameWith(form, corner)];
      expect(await faces.restore(frame, 1)).toBe(1);
      const places = changed(form, before, frame);
      // The square is the middle half of what is restored: 2 × its side, of which the mask leaves the border.
      const middle = { x: corner.x + SQUARE / 2, y: corner.y + SQUARE / 2 };
      for (const { x, y } of places) {
        expect(Math.abs(x - middle.x)).toBeLessThanOrEqual(0.96 * SQUARE);
        expect(Math.abs(y - middle.y)).toBeLessThanOrEqual(0.96 * SQUARE);
      }
      expect(places.length).toBeGreaterThan(SQUARE * SQUARE);
      // −0.5 of −1 to 1 is a quarter of the range, in any matrix: grey stays grey.
      const span = form.range === "pc" ? 255 : 219;
      const at = middle.y * form.width + middle.x;
      expect((before[at] ?? 0) - (frame[at] ?? 0)).toBeCloseTo(span / 4, -0.4);
      if (form.pixelFormat !== "gbrp") expect(changed(form, before, frame, 1)).toEqual([]);
    },
  );

  it("what the restorer leaves alone stays bit for bit, however the face is turned", async () => {
    const faces = await open(LIMITED, "same");
    const corner = { x: 70, y: 52 };
    const frame = frameWith(LIMITED, corner);
    expect(await faces.restore(frame, 1)).toBe(1);
    expect(Buffer.from(frame).equals(frameWith(LIMITED, corner))).toBe(true);
  });

  it("half the strength is half of the change, and none is none", async () => {
    const corner = { x: 64, y: 48 };
    const at = (corner.y + 40) * SIZE.width + corner.x + 40;
    const by = await Promise.all(
      [1, 0.5, 0].map(async (strength) => {
        const frame = frameWith(LIMITED, corner);
        await (await open(LIMITED, "darker")).restore(frame, strength);
        return 235 - (frame[at] ?? 0);
      }),
    );
    expect(by).toEqual([55, 27, 0]);
  });

  it("follows a face that moves between detections", async () => {
    const faces = await open(LIMITED, "darker");
    for (let n = 0; n < 9; n++) {
      const corner = { x: 40 + 4 * n, y: 48 };
      const [before, frame] = [frameWith(LIMITED, corner), frameWith(LIMITED, corner)];
      expect(await faces.restore(frame, 1)).toBe(1);
      const xs = changed(LIMITED, before, frame).map(({ x }) => x);
      const middle = (Math.min(...xs) + Math.max(...xs)) / 2;
      expect(Math.abs(middle - (corner.x + SQUARE / 2))).toBeLessThan(9);
    }
  });

  it("of a face that jumps nothing stays where it was: a face would be made up there", async () => {
    const faces = await open(LIMITED, "darker");
    const luma = SIZE.width * SIZE.height;
    // Not so dark around it that the jump is taken for a cut.
    const frameAt = (x: number): Uint8Array =>
      frameWith(LIMITED, { x, y: 48 }).map((value, i) =>
        i < luma && value < 100 ? value + 80 : value,
      );
    for (let n = 0; n < 3; n++) await faces.restore(frameAt(32), 1);
    const frame = frameAt(96);
    expect(await faces.restore(frame, 1)).toBe(1);
    const leftMost = Math.min(...changed(LIMITED, frameAt(96), frame).map(({ x }) => x));
    expect(leftMost).toBeGreaterThanOrEqual(96 + SQUARE / 2 - 0.96 * SQUARE);
  });

  it("a picture without a face is left alone, and one after a cut has no face of before", async () => {
    const faces = await open(LIMITED, "darker");
    const empty = frameWith(LIMITED);
    expect(await (await open(LIMITED, "darker")).restore(empty, 1)).toBe(0);
    expect(Buffer.from(empty).equals(frameWith(LIMITED))).toBe(true);
    expect(await faces.restore(frameWith(LIMITED, { x: 64, y: 48 }), 1)).toBe(1);
    const bright = empty.map((value, i) => (i < SIZE.width * SIZE.height ? value + 120 : value));
    const after = Uint8Array.from(bright);
    expect(await faces.restore(after, 1)).toBe(0);
    expect(Buffer.from(after).equals(Buffer.from(bright))).toBe(true);
  });

  it("a second input of one number is the fidelity of CodeFormer", async () => {
    const frame = frameWith(LIMITED, { x: 64, y: 48 });
    await (await open(LIMITED, "weighted")).restore(frame, 1);
    const at = (48 + 40) * SIZE.width + 64 + 40;
    expect(235 - (frame[at] ?? 0)).toBe(Math.round((0.7 / 2) * 219));
  });

  it("an answer that is no picture is an error, and the frame stays as it is", async () => {
    const faces = await open(LIMITED, "nothing");
    const frame = frameWith(LIMITED, { x: 64, y: 48 });
    await expect(faces.restore(frame, 1)).rejects.toMatchObject({ code: "inference_failed" });
    expect(Buffer.from(frame).equals(frameWith(LIMITED, { x: 64, y: 48 }))).toBe(true);
  });

  it.each([
    ["a file that is no network", loadFaceRestorer, new Uint8Array(1_000)],
    ["a detector as a restorer", loadFaceRestorer, tinyDetector()],
    ["a restorer as a detector", loadFaceDetector, tinyRestorer("same")],
    ["a restorer of an odd size", loadFaceRestorer, tinyRestorer("same", 67)],
  ] as const)("%s is refused with what was expected and got", async (_, load, bytes) => {
    await expect(load(await write(bytes), CPU)).rejects.toMatchObject({
      code: "model_unusable",
      expected: expect.any(String),
      got: expect.any(String),
    });
  });
});

it.each(Object.keys(FORMS))("%s: colours go to RGB and back", (name) => {
  const matrix = colourMatrix(FORMS[name] as FrameForm);
  const [one, other] = [new Float32Array(3), new Float32Array(3)];
  matrix.toRgb(100, 90, 160, one, 0);
  matrix.toRgb(110, 120, 130, other, 0);
  const [r = 0, g = 0, b = 0] = other.map((value, k) => value - (one[k] ?? 0));
  const back = matrix.toSamples(r, g, b);
  for (const [k, by] of [10, 30, -30].entries()) expect(back[k]).toBeCloseTo(by, 3);
});

it("the mask is whole in the middle, nothing at the sides, and falls on the way", () => {
  const values = Array.from({ length: 256 }, (_, i) => maskAt(255 + i, 255.5, 512));
  expect(values[0]).toBe(1);
  expect(values.at(-1)).toBe(0);
  for (const [i, value] of values.entries())
    expect(value).toBeLessThanOrEqual(values[i - 1] ?? Infinity);
});
