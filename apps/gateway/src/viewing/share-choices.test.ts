import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  eventually,
  makeManualClock,
  makeRecordingLog,
  makeSharedLeases,
  makeTempFolder,
} from "@upreel/testkit";
import { expect, it } from "vitest";
import { createPlaybacks } from "./playbacks.ts";
import { shareChoices } from "./share-choices.ts";

const leases = makeSharedLeases();

/** What one gateway of the folder knows. */
async function gatewayOf(dataDir: string, address: string) {
  const log = makeRecordingLog();
  const playbacks = createPlaybacks(makeManualClock());
  const sharing = await shareChoices(playbacks, dataDir, { leases: leases.at(address), log }, 20);
  return { playbacks, log, [Symbol.asyncDispose]: () => sharing[Symbol.asyncDispose]() };
}

it("what a viewer chose at one gateway is known at the others, and the last choice counts", async () => {
  await using folder = await makeTempFolder();
  await using a = await gatewayOf(folder.path, "http://a");
  await using b = await gatewayOf(folder.path, "http://b");
  a.playbacks.chooseQuality("tv", "lean");
  a.playbacks.choose("tv", "film", { shows: "upscaled" });
  await eventually("b knows both", () => b.playbacks.choiceOf("tv", "film") !== undefined);
  expect(b.playbacks.qualityOf("tv")).toBe("lean");
  b.playbacks.chooseQuality("tv", 480);
  // Both at once: none is lost.
  a.playbacks.chooseQuality("phone", "line");
  await eventually("a knows the later one", () => a.playbacks.qualityOf("tv") === 480);
  await eventually("and b the other device's", () => b.playbacks.qualityOf("phone") === "line");
  // One that starts later knows all of it at once.
  await using c = await gatewayOf(folder.path, "http://c");
  expect([c.playbacks.qualityOf("tv"), c.playbacks.qualityOf("phone")]).toEqual([480, "line"]);
});

it("begins anew where the file says nothing of use", async () => {
  await using folder = await makeTempFolder();
  await writeFile(join(folder.path, "viewer-choices.json"), '{"choices":7}');
  await using a = await gatewayOf(folder.path, "http://a");
  a.playbacks.chooseQuality("tv", "best");
  await using b = await gatewayOf(folder.path, "http://b");
  await eventually("b knows it", () => b.playbacks.qualityOf("tv") === "best");
  expect(a.log.complaints).toEqual([]);
});
