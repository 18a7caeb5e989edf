import { makeTempFolder } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import { openPluginSettings } from "../host/plugin-settings.ts";
import { openRig, type Rig } from "../testing/open-rig.ts";
import { endless } from "../testing/hostile-scripts.ts";
import { writePlugin } from "../testing/write-plugin.ts";

const FILM = "/films/film.mkv";
const NAME = "pipeline.scan.afterProcess";

/** Says on stderr what it is told, and answers what `script` makes of it. */
const hook = (change: string): string => `
let calls = 0;
methods["hook.dispatch"] = (id, { name, payload }) => {
  calls += 1;
  console.error(JSON.stringify({ name, calls, payload }));
  const data = (chapters) => answer(id, { data: chapters && { chapters } });
  const moved = (by) => payload.chapters.map((c) => ({ ...c, startTime: c.startTime + by, endTime: c.endTime + by }));
  ${change}
};
begin();`;
const manifest = (order?: number, name = NAME) => ({
  capabilities: [],
  subscriptions: { hooks: [{ name, ...(order === undefined ? {} : { order }) }] },
});

async function told(rig: Rig, id: string) {
  const { plugin } = await rig.plugins.get(id);
  return plugin.log
    .lines()
    .filter(({ text }) => text.startsWith("{"))
    .map(({ text }) => JSON.parse(text) as { payload: { chapters: { startTime: number }[] } });
}

/** Where the intro begins that is stored at last; the plugin that looks says 1 s. */
async function storedStart(rig: Rig): Promise<number | undefined> {
  const job = await rig.scan(FILM);
  expect(job.tasks).toMatchObject([{ plugin: "finder", state: "done" }]);
  return rig.store.chapters(rig.fileId(FILM))[0]?.startSeconds;
}

it("lets plugins change what another one found, in their order, each what the one before made of it", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  await writePlugin(rig.pluginsDir, "finder", "begin()");
  await writePlugin(rig.pluginsDir, "a-last", hook("data(moved(10))"), manifest(90));
  await writePlugin(
    rig.pluginsDir,
    "b-first",
    hook("data(moved(5))"),
    manifest(10, "pipeline.*.*"),
  );
  await writePlugin(rig.pluginsDir, "c-usual", hook("data(null)"), manifest());
  await writePlugin(rig.pluginsDir, "d-other", hook("data([])"), manifest(1, "pipeline.probe.*"));
  await writePlugin(rig.pluginsDir, "e-off", hook("data([])"), manifest(2));
  await openPluginSettings(rig.pluginsDir).setEnabled("e-off", false);
  expect(await storedStart(rig)).toBe(16);
  expect(await told(rig, "b-first")).toMatchObject([
    {
      name: NAME,
      payload: {
        ...{ pluginId: "finder", groupKey: null },
        files: [{ fileId: rig.fileId(FILM), path: FILM, duration: 100 }],
        chapters: [{ fileId: rig.fileId(FILM), role: "intro", startTime: 1, endTime: 20 }],
      },
    },
  ]);
  expect((await told(rig, "c-usual"))[0]?.payload.chapters[0]?.startTime).toBe(6);
  expect((await told(rig, "a-last"))[0]?.payload.chapters[0]?.startTime).toBe(6);
  expect(await told(rig, "d-other")).toEqual([]);
  expect(await told(rig, "e-off")).toEqual([]);
  // What is known is not asked about again.
  expect((await rig.scan(FILM)).tasks).toMatchObject([{ state: "known" }]);
  expect(await told(rig, "a-last")).toHaveLength(1);
});

it("tells all of a chapter, and does not ask the plugin that found it", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  const finder = `
    const plain = found;
    methods["mediaScan.scanSingle"] = (id, { file }) => {
      const { chapters } = plain([file]);
      answer(id, { chapters: chapters.map((each) => ({ ...each, title: "T", metadata: { from: ["a"] } })) });
    };`;
  const both = { ...manifest(), capabilities: ["media-scan"] };
  await writePlugin(rig.pluginsDir, "finder", `${finder}\n${hook("data([])")}`, both);
  await writePlugin(rig.pluginsDir, "hook", hook("data(payload.chapters)"), manifest());
  expect(await storedStart(rig)).toBe(1);
  expect(await told(rig, "finder")).toEqual([]);
  expect(await told(rig, "hook")).toMatchObject([
    { payload: { pluginId: "finder", chapters: [{ title: "T", metadata: { from: ["a"] } }] } },
  ]);
});

it("asks once more where it failed", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  await writePlugin(rig.pluginsDir, "finder", "begin()");
  const once = `calls === 1 ? say({ id, error: { code: -32603, message: "no" } }) : data(moved(5))`;
  await writePlugin(rig.pluginsDir, "hook", hook(once), manifest());
  expect(await storedStart(rig)).toBe(6);
  expect(await told(rig, "hook")).toHaveLength(2);
});

describe("a hook that", () => {
  it.each([
    ["answers an error", `say({ id, error: { code: -32603, message: "no disk" } })`, /no disk/],
    ["answers in another shape", `answer(id, { data: { chapters: 7 } })`, /another shape/],
    ["answers nothing at all", `answer(id, null)`, /another shape/],
    [
      "tells of a file that was not asked for",
      `data([{ ...payload.chapters[0], fileId: "other" }])`,
      /a file not asked for: other/,
    ],
    [
      "tells of a chapter behind the film's end",
      `data([{ ...payload.chapters[0], endTime: 1e5 }])`,
      /a chapter up to 100000 s/,
    ],
    ["crashes", `process.exit(9)`, /exit code 9/],
    ["hangs", `for (;;);`, /no answer within/],
    ["answers by a wrong id", `answer(id + 1000, { data: { chapters: [] } })`, /no answer within/],
    ["floods", endless('"y\\n".repeat(1 << 16)'), /wrote more than/],
  ])("%s changes nothing, and is told in its log", async (_, script, reason) => {
    await using folder = await makeTempFolder();
    const isLate = /hangs|wrong id/.test(_);
    await using rig = openRig(folder.path, isLate ? { times: { hookMs: 1_000 } } : {});
    await writePlugin(rig.pluginsDir, "finder", "begin()");
    await writePlugin(rig.pluginsDir, "a-hostile", hook(script), manifest(1));
    await writePlugin(rig.pluginsDir, "b-good", hook("data(moved(5))"), manifest(2));
    const start = await storedStart(rig);
    // The bound is for the hostile one; a good one may not even have started within it.
    if (!isLate) expect(start).toBe(6);
    else expect([1, 6]).toContain(start);
    const { plugin } = await rig.plugins.get("a-hostile");
    const lines = plugin.log.lines().map(({ text }) => text);
    expect(lines.filter((text) => text.startsWith(NAME)).join()).toMatch(reason);
  });
});
