import { PLAIN_SCALER, tell, UpreelError, type FaceWork } from "@upreel/core";
import { openingRung, type Ladder } from "@upreel/streams";
import { expect, it } from "vitest";
import { levelFor, sustainedLevel } from "../../../streams/src/levels.ts";
import { noRungs, withLadder } from "../../../streams/src/rungs.ts";
import { withFaces, withoutFaces } from "./face-ladder.ts";

const file = (id: string) => ({ id, file: `/${id}.onnx`, hash: id });
const work: Omit<FaceWork, "strength"> = {
  ...{ provider: "cpu", detector: file("yunet"), restorer: file("gfpgan") },
};
const FILM = { rate: { num: 25, den: 1 } };

const rung = (id: string, expectedSpeed: number): Ladder[number] => ({
  rung: { model: { ...PLAIN_SCALER, id, kind: "luma" }, provider: "cpu" },
  expectedSpeed,
});
const LADDER: Ladder = [
  rung("best", 0.8),
  rung("fast", 3),
  { rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 20 },
];
/** With faces that take so long each. */
const laddered = (restoreSeconds: number, keepsUp = true): Ladder =>
  withFaces(
    LADDER,
    { work, trial: { provider: "cpu", size: 512, detectSeconds: 0.003, restoreSeconds } },
    0.5,
    {
      ...FILM,
      keepsUp,
    },
  );
const ids = (ladder: Ladder): string[] => ladder.map(({ rung: { model } }) => model.id);

it("where faces take long, the best network has them for when nobody waits, and viewers do without", () => {
  const ladder = laddered(2);
  expect(ids(ladder)).toEqual(["best+faces", "best", "fast", "lanczos"]);
  // 25 pictures a second of 2 s each.
  expect(ladder[0]?.expectedSpeed).toBeCloseTo(1 / (1 / 0.8 + 25 * 2.001), 6);
  for (const isAuto of [true, false]) {
    const rungs = withLadder(noRungs(isAuto), ladder, 0);
    expect(levelFor(rungs, false, 0)).toBe(0);
    expect(openingRung(ladder, isAuto)?.faces).toBeUndefined();
  }
  expect(tell(...(ladder[1]?.rung.why ?? []))).toContain("not restored while somebody watches");
});

it("where they keep up, viewers have them, too", () => {
  const ladder = laddered(0.005);
  expect(ids(ladder)).toEqual(["best+faces", "fast+faces", "best", "fast", "lanczos"]);
  // The first segment comes from what is quick.
  expect(openingRung(ladder, true)?.model.id).toBe("fast");
  expect(sustainedLevel(withLadder(noRungs(true), ladder, 0), 0)).toBe(1);
  expect(ladder[0]?.rung.faces).toEqual({ ...work, strength: 0.5 });
});

it("where nothing restores faces, each rung says what is needed", () => {
  const missing = new UpreelError("model_unknown", "none is here", {
    expected: "`upreel faces download`",
  });
  const ladder = withoutFaces(LADDER, missing);
  expect(ids(ladder)).toEqual(ids(LADDER));
  expect(tell(...(ladder[0]?.rung.why ?? []))).toContain("upreel faces download");
});

it("with KEEP_UP=off faces are restored at any speed", () => {
  expect(ids(laddered(2, false))).toEqual(["best+faces"]);
});
