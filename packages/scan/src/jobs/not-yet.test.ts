import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openRig } from "../testing/open-rig.ts";
import { writePlugin } from "../testing/write-plugin.ts";

const EPISODES = [1, 2, 3].map((n) => `/films/Show - S01E0${n}.mkv`);

/** Has time for one episode at a time, and says on stderr of which it knows something. */
const SLOW = `
methods["mediaScan.scanBatch"] = (id, { files }) => {
  const left = files.filter(({ cachedFingerprints }) => cachedFingerprints.length === 0);
  console.error("left " + left.length);
  const [now, ...others] = left;
  answer(id, {
    fingerprints: now ? [{ fileId: now.fileId, type: "t", algorithmVersion: "1", fingerprint: "x" }] : [],
    skipped: others.map(({ fileId }) => ({ fileId, reason: "not_yet" })),
  });
};
begin()`;

it("asks a plugin again about files that it had no time for, and gives back what it found of the others", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path, { beside: EPISODES });
  await writePlugin(rig.pluginsDir, "slow", SLOW);
  const states: (string | undefined)[] = [];
  for (let n = 0; n < 4; n += 1) states.push((await rig.scan(EPISODES[0] ?? "")).tasks[0]?.state);
  expect(states).toEqual(["done", "done", "done", "known"]);
  const { plugin } = await rig.plugins.get("slow");
  const told = plugin.log.lines().map(({ text }) => text);
  expect(told.filter((text) => text.startsWith("left"))).toEqual(["left 3", "left 2", "left 1"]);
});
