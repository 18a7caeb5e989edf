import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PLAIN_SCALER, type Output } from "@upreel/core";
import { makeManualClock, makeRecordingLog, makeTempFolder, makeTimeline } from "@upreel/testkit";
import { expect, it } from "vitest";
import { keepSpeeds } from "./kept-speeds.ts";

const OUTPUT: Output = {
  ...{ inputWidth: 640, inputHeight: 360, width: 1280, height: 720 },
  ...{ encoder: "libx264", quality: 20, colour: {}, audio: { kind: "none" } },
};
const TIMELINE = makeTimeline(2_400, { num: 24, den: 1 });
const RUNG = { model: PLAIN_SCALER, provider: "cpu" };
const LADDER = [{ rung: RUNG, expectedSpeed: 3 }];
const clock = makeManualClock();
const open = (file: string, threads = 2) =>
  keepSpeeds(file, { threads, clock, log: makeRecordingLog() });

it("takes what whole runs of this size were seen to make, also after a restart", async () => {
  await using folder = await makeTempFolder();
  const file = join(folder.path, "models", "speeds.json");
  {
    await using speeds = await open(file);
    for (let n = 0; n < 60; n++) {
      // A few figures are of one scene.
      if (n < 40) expect(speeds.apply(LADDER, OUTPUT, TIMELINE)).toEqual(LADDER);
      speeds.note(RUNG, OUTPUT, n % 2 === 0 ? 20 : 28);
    }
  }
  await using speeds = await open(file);
  expect(speeds.apply(LADDER, OUTPUT, TIMELINE)[0]?.expectedSpeed).toBeCloseTo(1, 1);
  const larger = { ...OUTPUT, inputWidth: 1280, inputHeight: 720 };
  expect(speeds.apply(LADDER, larger, TIMELINE)).toEqual(LADDER);
  // Another size costs the encoder otherwise.
  const fitted = { ...OUTPUT, width: 960, height: 540 };
  expect(speeds.apply(LADDER, fitted, TIMELINE)).toEqual(LADDER);
  // The machine may have been busy: slower than predicted is not believed for ever.
  clock.advance(25 * 3_600_000);
  expect(speeds.apply(LADDER, OUTPUT, TIMELINE)).toEqual(LADDER);
  await using other = await open(file, 8);
  expect(other.apply(LADDER, OUTPUT, TIMELINE)).toEqual(LADDER);
});

it("begins anew where the file says nothing of use", async () => {
  await using folder = await makeTempFolder();
  const file = join(folder.path, "speeds.json");
  await writeFile(file, '{"a": 7}');
  await using speeds = await open(file);
  expect(speeds.apply(LADDER, OUTPUT, TIMELINE)).toEqual(LADDER);
});
