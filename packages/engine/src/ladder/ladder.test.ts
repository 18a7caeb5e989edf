import {
  PROVIDERS,
  tell,
  UpreelError,
  type ModelSpec,
  type Offer,
  type Output,
  type Profile,
  type RungMeasurement,
} from "@upreel/core";
import { makeRecord, makeTimeline } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import { builtInLadder } from "./built-in-ladder.ts";
import { buildLadder, type LadderParts } from "./ladder.ts";

const model = (id: string): ModelSpec => ({
  ...{ id, file: `/models/${id}.onnx`, hash: id },
  ...{ kind: "luma", pixelFormat: "yuv444p", scale: 2 },
});
const OUTPUT: Output = {
  ...{ inputWidth: 640, inputHeight: 360, width: 1280, height: 720 },
  ...{ encoder: "libx264", quality: 20, colour: {}, audio: { kind: "none" } },
};
const BUILT_IN = builtInLadder(0.5);
const [BEST, FAST] = BUILT_IN;
const NETWORKS = [...[BEST, FAST].flatMap((id) => [`${id}-fp32`, `${id}-int8`]), "mine"];

/** Megapixels a second by model, on the CPU or on the provider after the `@`; null: refused. */
const measured = (speeds: Record<string, number | null>): RungMeasurement[] =>
  Object.entries(speeds).map(([name, megapixelsPerSecond]) => {
    const [id = "", provider = "cpu"] = name.split("@");
    return {
      ...{ model: id, provider },
      measurement:
        megapixelsPerSecond === null
          ? { outcome: "refused", reason: { code: "inference_failed", message: "broken" } }
          : { outcome: "proven", megapixelsPerSecond, likenessDb: null, nodes: {} },
    };
  });

type Rest = Partial<LadderParts> & {
  readonly providers?: Offer["providers"];
  readonly content?: Output["content"];
  readonly more?: Partial<Output>;
  readonly sharpness?: number;
};

function rungsOf(wanted: string, speeds: Record<string, number | null>, rest: Rest = {}) {
  const { content, more, providers = PROVIDERS, sharpness, ...parts } = rest;
  const profile: Profile = {
    ...{ ...makeRecord().profile, model: wanted },
    ...(sharpness !== undefined && { sharpness }),
  };
  const output: Output = { ...OUTPUT, ...more, ...(content && { content }) };
  const offer: Offer = { id: "here/0", machine: "here", providers, cores: 2, speeds: [] };
  return buildLadder(profile, makeTimeline(100), output, {
    find: (id) => Promise.reject(new UpreelError("model_unknown", id)),
    networks: () => Promise.resolve(NETWORKS.map(model)),
    builtInFor: (film) => builtInLadder(film.sharpness ?? 0.5, film),
    measured: Promise.resolve({ ...offer, speeds: measured(speeds) }),
    ...{ offer, isByMeasuring: true },
    tileBytes: 2 ** 30,
    keepsUp: true,
    preferences: { named: { film: undefined, animation: undefined }, made: () => [] },
    ...parts,
  });
}

async function ladder(
  wanted: string,
  speeds: Record<string, number | null>,
  rest: Rest = {},
): Promise<string[]> {
  const rungs = await rungsOf(wanted, speeds, rest);
  return rungs.map(({ rung }) =>
    ["cpu", "ffmpeg"].includes(rung.provider) ? rung.model.id : `${rung.model.id}@${rung.provider}`,
  );
}

it("auto has all built-in networks, best first, and the plain scaler last", async () => {
  expect(await ladder("auto", {})).toEqual([`${BEST}-int8`, `${FAST}-int8`, "lanczos"]);
});
it("a grade takes a built-in network, and below it only faster ones", async () => {
  const all = BUILT_IN.map((id) => `${id}-int8`);
  const networks = () => Promise.resolve(all.map(model));
  expect(await ladder("best", {}, { networks })).toEqual([...all, "lanczos"]);
  expect(await ladder("fast", {}, { networks })).toEqual([...all.slice(2), "lanczos"]);
  expect(await ladder("fast", {}, { networks, keepsUp: false })).toEqual(all.slice(2, 3));
});
it("auto takes networks of ×1.5 for an output that is at most half as large again", async () => {
  const [best] = builtInLadder(0.5, { factor: 1.5 });
  const ids = [...NETWORKS, `${best}-int8`];
  const networks = () => Promise.resolve(ids.map(model));
  const more = { width: 960, height: 540 };
  expect(await ladder("auto", {}, { networks, more })).toEqual([`${best}-int8`, "lanczos"]);
  expect((await ladder("auto", {}, { networks }))[0]).toBe(`${BEST}-int8`);
});
it("what was chosen for a film goes before the settings' sharpness", async () => {
  const [best] = builtInLadder(0);
  const networks = () => Promise.resolve([...NETWORKS, `${best}-int8`].map(model));
  expect((await ladder("auto", {}, { networks, sharpness: 0 }))[0]).toBe(`${best}-int8`);
  expect((await ladder("best", {}, { networks, sharpness: 0 }))[0]).toBe(`${best}-int8`);
});
it("auto takes networks that remove blocks for a film whose codec leaves them", async () => {
  const [best] = builtInLadder(0.5, { leavesBlocks: true });
  const networks = () => Promise.resolve([...NETWORKS, `${best}-int8`].map(model));
  const more = { leavesBlocks: true };
  expect(await ladder("auto", {}, { networks, more })).toEqual([`${best}-int8`, "lanczos"]);
  const isSaid = async (rest: Rest) =>
    (await rungsOf("auto", {}, { networks, ...rest })).map(({ rung }) =>
      tell(...(rung.why ?? [])).endsWith("leaves visible blocks, and this model removes them."),
    );
  expect(await isSaid({ more })).toEqual([true, false]);
  // The faithful networks leave blocks as they are.
  expect(await isSaid({ more, sharpness: 0 })).toEqual([false]);
});
it("auto takes each network in the number format that is faster here", async () => {
  const speeds = { [`${BEST}-fp32`]: 5, [`${BEST}-int8`]: 3, [`${FAST}-fp32`]: 6 };
  expect(await ladder("auto", { ...speeds, [`${FAST}-int8`]: 20 })).toEqual([
    ...[`${BEST}-fp32`, `${FAST}-int8`, "lanczos"],
  ]);
});
it("auto leaves out an int8 network whose output was not that of its fp32 twin", async () => {
  const speeds = { [`${BEST}-fp32`]: 5, [`${BEST}-int8`]: null };
  expect((await ladder("auto", speeds))[0]).toBe(`${BEST}-fp32`);
  expect(await ladder("auto", { [`${BEST}-fp32`]: null, [`${BEST}-int8`]: null })).toEqual([
    ...[`${FAST}-int8`, "lanczos"],
  ]);
});
it("a GPU is used where it is faster", async () => {
  const speeds = { [`${BEST}-int8`]: 10, [`${BEST}-fp32@webgpu`]: 90, [`${FAST}-int8`]: 20 };
  expect(await ladder("auto", { ...speeds, [`${FAST}-fp32@webgpu`]: 3 })).toEqual([
    ...[`${BEST}-fp32@webgpu`, `${FAST}-int8`, "lanczos"],
  ]);
});
it("a list of providers gives the order, whatever the speed", async () => {
  const speeds = { mine: 10, "mine@webgpu": 1, "mine@cuda": null };
  const inOrder = { isByMeasuring: false, providers: ["cuda", "webgpu", "cpu"] } as const;
  expect((await ladder("mine", speeds, inOrder))[0]).toBe("mine@webgpu");
});
it("the CPU is never used in silence: without it in the list, films are scaled plainly", async () => {
  const noCpu = { isByMeasuring: false, providers: ["cuda"] } as const;
  expect(await ladder("mine", { mine: 10 }, noCpu)).toEqual(["lanczos"]);
  expect(await ladder("auto", {}, noCpu)).toEqual(["lanczos"]);
});
it("a network asked for by name comes first, broken or not, and is left for faster ones only", async () => {
  const speeds = { mine: 5, [`${BEST}-int8`]: 2, [`${FAST}-int8`]: 20 };
  expect(await ladder("mine", speeds)).toEqual(["mine", `${FAST}-int8`, "lanczos"]);
  expect(await ladder("mine", { ...speeds, mine: null })).toEqual(["mine", "lanczos"]);
});
it("a network may be asked for without its number format", async () => {
  const speeds = { [`${FAST}-fp32`]: 30, [`${FAST}-int8`]: 20 };
  expect((await ladder(FAST, speeds))[0]).toBe(`${FAST}-fp32`);
  await expect(ladder("nobody", {})).rejects.toThrow("nobody");
});
it("the plain scaler alone is used when it is asked for", async () => {
  expect(await ladder("lanczos", {})).toEqual(["lanczos"]);
});
it("is one rung where a slow picture is preferred to a plain one", async () => {
  expect(await ladder("auto", {}, { keepsUp: false })).toEqual([`${BEST}-int8`]);
});
it("does not wait long for the measuring of the models", async () => {
  const aWhile = await ladder("mine", {}, { measured: new Promise<Offer>(() => {}) });
  expect(aWhile).toEqual(["mine", "lanczos"]);
});

describe("what a film is", () => {
  const content = { kind: "animation", why: "flat" } as const;
  const made = (kind: string): string[] => (kind === "animation" ? ["mine"] : []);
  const preferences = { named: { film: undefined, animation: undefined }, made };
  it("puts a model that is made for it first where that is fast enough", async () => {
    expect((await ladder("auto", { mine: 100 }, { content, preferences }))[0]).toBe("mine");
    expect((await ladder("auto", { mine: 1 }, { content, preferences }))[0]).toBe(`${BEST}-int8`);
    expect((await ladder("auto", { mine: 100 }, { preferences }))[0]).toBe(`${BEST}-int8`);
  });
  it("puts the model of the settings first, however fast", async () => {
    const named = { ...preferences, named: { film: undefined, animation: FAST } };
    const [first] = await rungsOf("auto", { [`${FAST}-int8`]: 1 }, { content, preferences: named });
    expect(first?.rung.model.id).toBe(`${FAST}-int8`);
    expect(tell(...(first?.rung.why ?? []))).toContain("It is set for animation (flat).");
  });
});

it("each rung says how fast it should be and why it is there, in plain words", async () => {
  const speeds = { [`${BEST}-int8`]: 2, [`${BEST}-fp32`]: 1, [`${FAST}-int8`]: 20 };
  const rungs = await rungsOf("auto", { ...speeds, [`${FAST}-fp32`]: null });
  expect(rungs.map(({ rung }) => tell(...(rung.why ?? [])))).toEqual([
    expect.stringMatching(
      /^Quality “Best”: this computer .* at about 0\.\d× film speed\. It cannot be watched live yet\.$/,
    ),
    expect.stringMatching(
      /^Quality “Balanced”: .*× film speed\. It is the best one that is fast enough/,
    ),
    "No model is fast enough here: the picture is only enlarged.",
  ]);
});
