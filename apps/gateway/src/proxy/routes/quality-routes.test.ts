import { afterEach, beforeEach, expect, it } from "vitest";
import { createPlaybacks } from "../../viewing/playbacks.ts";
import { DEVICE, makeReady, savePlan, startRig, type Rig } from "../../testing/proxy-rig.ts";

let rig: Rig;
beforeEach(async () => {
  rig = await startRig({}, { LADDER: "on" });
});
afterEach(() => rig[Symbol.asyncDispose]());

const read = (deviceId = DEVICE) =>
  fetch(`${rig.app.proxyUrl}/upscale/qualities?deviceId=${deviceId}`);
const choose = (quality: unknown, device = DEVICE) =>
  fetch(`${rig.app.proxyUrl}/upscale/quality`, {
    method: "POST",
    body: JSON.stringify({ device_id: device, quality }),
  });

it("tells the qualities of what a device plays, and which it plays: with LADDER as the line allows", async () => {
  await makeReady(rig.app);
  await savePlan(rig.app, rig.film);
  await rig.play();
  const told = (await (await read()).json()) as { qualities: object[] };
  expect(told).toMatchObject({ chosen: "line" });
  expect(told.qualities).toEqual([
    { quality: "best", lines: 72, bits_per_second: expect.any(Number) },
    // While the film is being upscaled, too.
    { quality: "lean", lines: 72, bits_per_second: expect.any(Number) },
    { quality: 36, lines: 36, bits_per_second: expect.any(Number) },
    { quality: 18, lines: 18, bits_per_second: expect.any(Number) },
  ]);
  expect((await choose(480)).status).toBe(204);
  expect(await (await read()).json()).toMatchObject({ chosen: "best" });
  expect((await choose("lean")).status).toBe(204);
  expect(await (await read()).json()).toMatchObject({ chosen: "lean" });
  expect((await choose(40)).status).toBe(204);
  expect(await (await read()).json()).toMatchObject({ chosen: 36 });
});

it("knows none of a film of which nothing is planned, and nothing of other devices", async () => {
  await makeReady(rig.app);
  await rig.play();
  expect(await (await read()).json()).toEqual({ qualities: [], chosen: "line" });
  expect((await read("another")).status).toBe(404);
  expect((await choose("best", "another")).status).toBe(404);
});

it.each(["480p", 0, 1.5, -480, null, { lines: 480 }])(
  "refuses %j as a quality",
  async (quality) => {
    await makeReady(rig.app);
    await rig.play();
    const answer = await choose(quality);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: "bad_request" });
  },
);

it("what a viewer chose is known after a restart", () => {
  const clock = { nowMs: () => 0 };
  const before = createPlaybacks(clock);
  before.chooseQuality("tv", "lean");
  const after = createPlaybacks(clock);
  after.restore(structuredClone(before.snapshot()));
  expect(after.qualityOf("tv")).toBe("lean");
  expect(after.qualityOf("phone")).toBeUndefined();
});
