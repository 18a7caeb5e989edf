import { execFile } from "node:child_process";
import { chmod, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  nameOfRung,
  segmentFileName,
  segmentFrames,
  withFacesId,
  type FaceWork,
  type Reason,
  type ResolvedRun,
  type Rung,
} from "@upreel/core";
import { buildTimeline, planOutput, probeSource } from "@upreel/media";
import { eventually, makeClip, makeTempFolder, type TempFolder } from "@upreel/testkit";
import {
  createCatalogue,
  createFaceStage,
  createUpscaler,
  type FaceStage,
  type Upscaler,
} from "@upreel/upscaler";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  FACE_SIDE,
  writeTinyFaces,
  type Restoring,
} from "../../upscaler/src/faces/testing/tiny-faces.ts";
import { startUpscale, type RunDependencies } from "./run-upscale.ts";

const run = promisify(execFile);
const never = new AbortController().signal;

/** Of the film; the square is the face of the stand-in detector. */
const SIZE = { width: 128, height: 96 };
const CORNER = { x: 32, y: 24 };
const OUTPUT = { width: 2 * SIZE.width, height: 2 * SIZE.height };
const FRAME_BYTES = (OUTPUT.width * OUTPUT.height * 3) / 2;

describe("a run that restores faces", () => {
  let folder: TempFolder;
  let upscaler: Upscaler;
  let faceStage: FaceStage;
  let network: Rung;
  let base: Omit<ResolvedRun, "folder">;
  let without: readonly Buffer[];
  let runs = 0;

  beforeAll(async () => {
    folder = await makeTempFolder();
    upscaler = createUpscaler({ threads: 2 });
    faceStage = createFaceStage();
    const model = await createCatalogue().find("upreel-x2-live16x0-fp32");
    network = { model, provider: "cpu" };
    base = await planFilm();
    without = await pictures(await toEnd({}));
  });
  afterAll(async () => {
    await upscaler[Symbol.asyncDispose]();
    await faceStage[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  async function planFilm(): Promise<Omit<ResolvedRun, "folder">> {
    const path = join(folder.path, "face.mp4");
    const box = `drawbox=${CORNER.x}:${CORNER.y}:${FACE_SIDE}:${FACE_SIDE}:white:fill`;
    await makeClip(path, {
      ...{ ...SIZE, rate: 24, seconds: 2, audio: false, pictures: "color=c=0x202020" },
      extraArgs: ["-vf", `${box},noise=alls=9:allf=t`],
    });
    const { size, mtimeMs } = await stat(path);
    const file = { path, sizeBytes: size, modifiedMs: mtimeMs };
    const tools = { ffprobe: "ffprobe", ffmpeg: "ffmpeg" };
    const probed = await probeSource(file, tools, AbortSignal.timeout(240_000));
    const { source } = probed;
    const planned = planOutput({
      ...{ source, scale: 2, encoder: "libx264", quality: 20, maxOutputHeight: 2160 },
    });
    return {
      ...{ streamId: "s", runId: "r", source, timeline: buildTimeline(probed, 0.5) },
      // Lossless: what the stage left alone can be compared.
      output: { ...planned, quality: 0 },
      ...{ rung: network, fromSegment: 0, toSegment: 4 },
    };
  }

  const withFaces = (faces: FaceWork): Rung => ({
    ...network,
    model: { ...network.model, id: withFacesId(network.model.id) },
    faces,
  });
  const tinyFaces = (how: Restoring): Promise<FaceWork> => writeTinyFaces(folder.path, how);
  const ordered = (change: Partial<ResolvedRun>): ResolvedRun => ({
    ...{ ...base, ...change },
    folder: join(folder.path, `run-${++runs}`),
  });
  const begin = (order: ResolvedRun, deps: Partial<RunDependencies> = {}) =>
    startUpscale(order, { upscaler, faceStage, ffmpeg: "ffmpeg", ...deps }, never);

  async function toEnd(
    change: Partial<ResolvedRun>,
    deps?: Partial<RunDependencies>,
  ): Promise<string> {
    const order = ordered(change);
    const end = await (await begin(order, deps)).ended;
    expect(end).toMatchObject({ why: "finished", frames: 48 });
    return order.folder;
  }

  /** Of all segments, decoded. */
  async function pictures(made: string): Promise<Buffer[]> {
    const names = (await readdir(made)).filter((name) => name.endsWith(".ts")).sort();
    expect(names).toEqual([0, 1, 2, 3].map(segmentFileName));
    const all = names.map(async (name) => {
      const { stdout } = await run(
        "ffmpeg",
        ["-nostdin", "-v", "error", "-i", join(made, name), "-f", "rawvideo", "-"],
        { encoding: "buffer", maxBuffer: 2 ** 28 },
      );
      return stdout;
    });
    const bytes = Buffer.concat(await Promise.all(all));
    expect(bytes.length).toBe(48 * FRAME_BYTES);
    return Array.from({ length: 48 }, (_, n) =>
      bytes.subarray(n * FRAME_BYTES, (n + 1) * FRAME_BYTES),
    );
  }

  /** How the luma of a picture differs from that without faces: in the middle of the face, and all around it. */
  function compared(picture: Buffer | undefined, n: number) {
    const [side, middle] = [2 * FACE_SIDE, { x: 0, y: 0 }];
    middle.x = 2 * CORNER.x + side / 2;
    middle.y = 2 * CORNER.y + side / 2;
    const plain = without[n] ?? Buffer.alloc(0);
    const at = middle.y * OUTPUT.width + middle.x;
    let around = 0;
    for (let i = 0; i < OUTPUT.width * OUTPUT.height; i++) {
      const [x, y] = [i % OUTPUT.width, Math.floor(i / OUTPUT.width)];
      const isNear = Math.abs(x - middle.x) <= side && Math.abs(y - middle.y) <= side;
      if (!isNear && picture?.[i] !== plain[i]) around++;
    }
    return { darker: (plain[at] ?? 0) - (picture?.[at] ?? 0), around };
  }

  it("changes them in every picture, and all else is bit for bit as without", async () => {
    const made = await pictures(await toEnd({ rung: withFaces(await tinyFaces("darker")) }));
    for (const [n, picture] of made.entries()) {
      const { darker, around } = compared(picture, n);
      expect(around).toBe(0);
      expect(darker).toBeGreaterThanOrEqual(54);
      expect(darker).toBeLessThanOrEqual(56);
    }
  });

  it.each([
    ["a network that fails", "inference_failed", (faces: FaceWork) => faces],
    [
      "a file that is not there",
      "model_unusable",
      (faces: FaceWork) => ({ ...faces, restorer: { ...faces.restorer, file: "/none.onnx" } }),
    ],
  ])("with %s goes on without, and says so once", async (_, code, change) => {
    const rung = withFaces(change(await tinyFaces("nothing")));
    const refused: [string, Reason][] = [];
    const onRungRefused = ({ model }: Rung, reason: Reason) => refused.push([model.id, reason]);
    const told: [number, string, unknown][] = [];
    const onRung = (from: number, { model, faces }: Rung) => told.push([from, model.id, faces]);
    const made = await pictures(await toEnd({ rung }, { onRungRefused, onRung }));
    // What is recorded of its segments is what was made.
    expect(told).toEqual([[0, network.model.id, undefined]]);
    expect(made.every((picture, n) => picture.equals(without[n] ?? Buffer.alloc(0)))).toBe(true);
    expect(refused).toEqual([[rung.model.id, expect.objectContaining({ code })]]);
  });

  it("can leave them off from a segment on, where they take too long", async () => {
    const rung = withFaces(await tinyFaces("darker"));
    const slow = join(folder.path, "slow-decoder");
    // As fast as the film: else all is made before the change.
    const script = `#!/bin/sh
case "$*" in *avioflags*) exec ffmpeg -readrate 1 "$@";; *) exec ffmpeg "$@";; esac
`;
    await writeFile(slow, script);
    await chmod(slow, 0o755);
    const order = ordered({ rung, otherRungs: [network] });
    let changedAt: number | undefined;
    const onRung = (segment: number) => (changedAt = segment);
    const started = await begin(order, { ffmpeg: slow, onRung });
    started.setRung(nameOfRung(network), 1);
    expect(await started.ended).toMatchObject({ why: "finished", frames: 48 });
    expect(changedAt).toBeGreaterThanOrEqual(1);
    const from = segmentFrames(base.timeline, changedAt ?? 0).first;
    for (const [n, picture] of (await pictures(order.folder)).entries())
      expect(compared(picture, n).darker > 0).toBe(n < from);
  });

  it("that is cancelled leaves the stage free for the next one", async () => {
    const order = ordered({ rung: withFaces(await tinyFaces("darker")) });
    const started = await begin(order);
    await eventually("first frames", () => started.frames() > 0);
    started.cancel();
    const { why } = await started.ended;
    expect(["cancelled", "finished"]).toContain(why);
    await toEnd({ rung: withFaces(await tinyFaces("same")) });
  });
});
