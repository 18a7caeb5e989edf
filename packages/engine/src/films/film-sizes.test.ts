import { PLAIN_SCALER, UpreelError, type Offer } from "@upreel/core";
import { expect, it } from "vitest";
import type { LadderParts } from "../ladder/ladder.ts";
import type { Networks } from "../ladder/networks.ts";
import { seenSpeeds } from "../measure/seen-speeds.ts";
import type { EngineSettings } from "../settings.ts";
import { createFilmSizes } from "./film-sizes.ts";

const FILM = { width: 640, height: 360 };

/** Of a machine on which these networks, by name, have these speeds in megapixels a second. */
function openSizes(
  speeds: Readonly<Record<string, number>>,
  seen: Partial<Parameters<typeof seenSpeeds>[0]> = {},
) {
  const offer: Offer = {
    ...{ id: "here/0", machine: "here", providers: ["cpu"], cores: 2 },
    speeds: Object.entries(speeds).map(([model, megapixelsPerSecond]) => ({
      ...{ model, provider: "cpu" },
      measurement: { outcome: "proven", megapixelsPerSecond, likenessDb: null, nodes: {} },
    })),
  };
  const ladderParts: LadderParts = {
    find: (id) => Promise.reject(new UpreelError("model_unknown", `There is no model ${id}`)),
    networks: async () =>
      Object.keys(speeds).map((id) => ({
        ...{ ...PLAIN_SCALER, id, kind: "luma", pixelFormat: "yuv444p" },
        scale: id.includes("-x3-") ? 3 : 2,
      })),
    builtInFor: ({ factor, sharpness = 0 }) => [
      factor === 3
        ? "upreel-x3-live16x0-int8"
        : `upreel-x2-${sharpness > 0 ? "sharp16x0-50" : "live16x0"}-int8`,
    ],
    ...{ offer, measured: Promise.resolve(offer), isByMeasuring: false, tileBytes: 1e9 },
    ...{
      keepsUp: true,
      preferences: { named: { animation: undefined, film: undefined }, made: () => [] },
    },
  };
  const settings = {
    ...{ model: "auto", scale: "auto", quality: 20, maxOutputHeight: 2160 },
    ...{ videoEncoder: "auto", faces: { isOn: false, strength: 0 } },
  } as unknown as EngineSettings;
  const networks = {
    ...{ ladderParts, screenLines: () => 1080, factorsOf: async () => undefined },
  } as unknown as Networks;
  return createFilmSizes({
    ...{ settings, networks, encoderFor: async () => "libx264" },
    seen: seenSpeeds({
      ...{ speeds: { apply: (ladder) => ladder }, speedElsewhere: () => 0, onlyOthers: false },
      ...seen,
    }),
    planner: { prepare: () => Promise.reject(new Error("nobody plans here")) } as never,
  });
}

it("a film of 360 lines is said to fill the screen where the machine holds that", async () => {
  const fast = openSizes({ "upreel-x2-live16x0-int8": 300, "upreel-x3-live16x0-int8": 200 });
  expect(await fast.outputSize(FILM)).toEqual({ width: 1920, height: 1080 });
  const slow = openSizes({ "upreel-x2-live16x0-int8": 300, "upreel-x3-live16x0-int8": 1 });
  expect(await slow.outputSize(FILM)).toEqual({ width: 1280, height: 720 });
});

it("is said as it will be planned: by what whole runs were seen to make, and with other machines", async () => {
  const large = { width: 1920, height: 1080 };
  const usual = { width: 1280, height: 720 };
  const slow = { "upreel-x2-live16x0-int8": 300, "upreel-x3-live16x0-int8": 1 };
  const helped = openSizes(slow, { speedElsewhere: () => 2 });
  expect(await helped.outputSize(FILM)).toEqual(large);
  const [best] = await helped.ladderOf({ ...FILM, rate: { num: 25, den: 1 } });
  expect(best?.expectedSpeed).toBeGreaterThan(2);

  const fast = { "upreel-x2-live16x0-int8": 300, "upreel-x3-live16x0-int8": 200 };
  const seenSlow = openSizes(fast, {
    speeds: {
      apply: (ladder, output) =>
        ladder.map((each) => ({
          ...each,
          expectedSpeed: output.width === large.width ? 0.5 : 3,
        })),
    },
  });
  expect(await seenSlow.outputSize(FILM)).toEqual(usual);

  // Where this machine only plans, its own speed holds nothing.
  const onlyOthers = { onlyOthers: true, speedElsewhere: () => 0 };
  expect(await openSizes(fast, onlyOthers).outputSize(FILM)).toEqual(usual);
});

it("the sharpness that is wished for one film chooses its networks", async () => {
  const sizes = openSizes({ "upreel-x2-live16x0-int8": 300, "upreel-x2-sharp16x0-50-int8": 300 });
  const film = { ...FILM, rate: { num: 25, den: 1 } };
  const firstFor = async (sharpness: number) =>
    (await sizes.ladderOf(film, { sharpness }))[0]?.rung.model.id;
  expect(await firstFor(0)).toBe("upreel-x2-live16x0-int8");
  expect(await firstFor(0.5)).toBe("upreel-x2-sharp16x0-50-int8");
});

it("its size is said, too, where the model that is wished for it is there no more", async () => {
  const sizes = openSizes({ "upreel-x2-live16x0-int8": 300, "upreel-x3-live16x0-int8": 200 });
  const wish = { model: "gone" };
  expect(await sizes.outputSize(FILM, wish)).toEqual({ width: 1280, height: 720 });
  await expect(sizes.ladderOf({ ...FILM, rate: { num: 25, den: 1 } }, wish)).rejects.toThrow(
    "no model gone",
  );
});
