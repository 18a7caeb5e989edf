import { PLAIN_SCALER, type ModelSpec, type Output, type Profile } from "@upreel/core";
import { makeRecord, makeTimeline } from "@upreel/testkit";
import { expect, it } from "vitest";
import { BUILT_IN_LADDER, buildLadder, type LadderParts } from "./ladder.ts";
import type { ModelSpeeds } from "./worker-timings.ts";

const model = (id: string): ModelSpec =>
  id === PLAIN_SCALER.id
    ? PLAIN_SCALER
    : { id, file: `/models/${id}.onnx`, kind: "luma", pixelFormat: "yuv444p", scale: 2 };
const OUTPUT: Output = {
  ...{ inputWidth: 640, inputHeight: 360, width: 1280, height: 720 },
  ...{ encoder: "libx264", quality: 20, colour: {}, audio: { kind: "none" } },
};

async function ladder(
  wanted: string,
  speeds: ModelSpeeds,
  rest: Partial<LadderParts> = {},
): Promise<string[]> {
  const profile: Profile = { ...makeRecord().profile, model: wanted };
  const rungs = await buildLadder(profile, makeTimeline(100), OUTPUT, {
    find: (id) => Promise.resolve(model(id)),
    speeds: Promise.resolve(speeds),
    threads: 2,
    keepsUp: true,
    ...rest,
  });
  return rungs.map(({ rung }) => rung.model.id);
}

it("auto has all built-in networks, best first, and the plain scaler last", async () => {
  expect(await ladder("auto", {})).toEqual([...BUILT_IN_LADDER, "lanczos"]);
});
it("auto leaves out a network that broke when it was timed", async () => {
  const broken = BUILT_IN_LADDER[0];
  expect(await ladder("auto", { [broken]: null })).not.toContain(broken);
});
it("a network asked for by name comes first, broken or not, and is left for faster ones only", async () => {
  const [slow, fast] = [BUILT_IN_LADDER[0], BUILT_IN_LADDER.at(-1) ?? ""];
  const speeds = { mine: 5, [slow]: 2, [fast]: 20 };
  expect(await ladder("mine", speeds)).toEqual(["mine", fast, "lanczos"]);
  expect(await ladder("mine", { ...speeds, mine: null })).toEqual(["mine", "lanczos"]);
});
it("the plain scaler alone is used when it is asked for", async () => {
  expect(await ladder("lanczos", {})).toEqual(["lanczos"]);
});
it("is one rung where a slow picture is preferred to a plain one", async () => {
  expect(await ladder("auto", {}, { keepsUp: false })).toEqual([BUILT_IN_LADDER[0]]);
});
it("does not wait long for the timing of the models", async () => {
  const speeds = new Promise<ModelSpeeds>(() => {});
  const aWhile = await ladder("mine", {}, { speeds });
  expect(aWhile).toEqual(["mine", "lanczos"]);
});
