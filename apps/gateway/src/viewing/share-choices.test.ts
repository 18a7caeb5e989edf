import { copyFile, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
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
import type { ViewerChoices } from "./viewer-choices.ts";

const leases = makeSharedLeases();

/** What one gateway of the folder knows. */
async function gatewayOf(dataDir: string, address: string, before?: ViewerChoices) {
  const log = makeRecordingLog();
  const playbacks = createPlaybacks(makeManualClock());
  if (before !== undefined) playbacks.restoreChoices(before);
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

it("what gateways knew before they shared it is shared, and the file's own choices are later", async () => {
  await using folder = await makeTempFolder();
  await using a = await gatewayOf(folder.path, "http://a", {
    ...{ choices: [], qualities: [["tv", "best"]] },
  });
  await using b = await gatewayOf(folder.path, "http://b", {
    ...{ choices: [["tv\nfilm", { shows: "upscaled" }]], qualities: [["tv", "lean"]] },
  });
  await eventually("a knows b's", () => a.playbacks.choiceOf("tv", "film") !== undefined);
  expect(b.playbacks.qualityOf("tv")).toBe("best");
});

/** A link to itself in its place, which cannot be read. The file is there or cannot be read, but is never missing. */
async function unreadable(file: string): Promise<() => Promise<void>> {
  await copyFile(file, `${file}.kept`);
  await symlink(basename(file), `${file}.link`);
  await rename(`${file}.link`, file);
  return () => rename(`${file}.kept`, file);
}

it("a file that cannot be read for a while keeps what others chose, and what was chosen meanwhile is added", async () => {
  await using folder = await makeTempFolder();
  const file = join(folder.path, "viewer-choices.json");
  const others = { choices: [], qualities: [["tv", "lean"]] };
  await writeFile(file, JSON.stringify(others));
  const mend = await unreadable(file);
  await using a = await gatewayOf(folder.path, "http://a");
  a.playbacks.chooseQuality("phone", "best");
  await eventually("it is said", () => a.log.complaints.length > 0);
  await mend();
  await eventually("both are in the file", async () => {
    const { qualities } = JSON.parse(await readFile(file, "utf8")) as ViewerChoices;
    return qualities?.length === 2;
  });
  expect(a.playbacks.qualityOf("tv")).toBe("lean");
  expect(a.log.complaints).toHaveLength(1);
});

it("a choice that could not be written gives way to one that was made elsewhere since", async () => {
  await using folder = await makeTempFolder();
  const file = join(folder.path, "viewer-choices.json");
  await using a = await gatewayOf(folder.path, "http://a");
  a.playbacks.chooseQuality("tv", "lean");
  await eventually("it is written", async () => (await readFile(file, "utf8")).includes("lean"));
  const mend = await unreadable(file);
  a.playbacks.chooseQuality("tv", "best");
  await eventually("it is said", () => a.log.complaints.length > 0);
  const later = { choices: [], qualities: [["tv", 480]] };
  await writeFile(`${file}.kept`, JSON.stringify(later));
  await mend();
  await eventually("the later one counts", () => a.playbacks.qualityOf("tv") === 480);
});
