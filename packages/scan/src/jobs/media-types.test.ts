import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openRig } from "../testing/open-rig.ts";
import { writePlugin } from "../testing/write-plugin.ts";

const SEASON = [1, 2].map((n) => `/tv/Show - S01E0${n}.mkv`);
/** More than are looked at together. */
const LONG_SEASON = Array.from({ length: 101 }, (_, n) => `/tv/Soap S01E${n + 100}.mkv`);
const SKIPPED = { state: "skipped", chapters: 0, fingerprints: 0, seconds: null };

it.each([
  ["a film", "/films/Heat (1995).mkv", [], { films: "done", series: 1 }],
  ["a season", SEASON[0] ?? "", SEASON, { films: 2, series: "done" }],
  ["an episode by itself", LONG_SEASON[0] ?? "", LONG_SEASON, { films: 1, series: "done" }],
] as const)(
  "asks plugins about %s that are for such, and says why others are not",
  async (...given) => {
    const [, path, beside, expected] = given;
    await using folder = await makeTempFolder();
    await using rig = openRig(folder.path, { beside });
    // As the manifests of Aviato's own plugins have it, and with what a library of theirs is like.
    await writePlugin(rig.pluginsDir, "a-films", "begin()", { mediaTypes: ["movies"] });
    await writePlugin(rig.pluginsDir, "b-series", "begin()", {
      mediaTypes: { tv: { episodic: true } },
    });
    await writePlugin(rig.pluginsDir, "c-music", "begin()", { mediaTypes: ["music"] });
    await writePlugin(rig.pluginsDir, "d-all", "begin()", { mediaTypes: [] });
    const task = (count: "done" | number) =>
      count === "done" ? { state: "done" } : { ...SKIPPED, skipped: { media_type: count } };
    const job = await rig.scan(path);
    expect(job).toMatchObject({
      state: "done",
      tasks: [
        { plugin: "a-films", ...task(expected.films) },
        { plugin: "b-series", ...task(expected.series) },
        { plugin: "c-music", ...task(job.films ?? 0) },
        { plugin: "d-all", state: "done" },
      ],
    });
    const music = await rig.plugins.get("c-music");
    expect(music.plugin.state).toBe("discovered");
  },
);

it("has no plugin change what was found in films that it is not for", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  await writePlugin(rig.pluginsDir, "finder", "begin()");
  const removes =
    'methods["hook.dispatch"] = (id) => answer(id, { data: { chapters: [] } }); begin()';
  await writePlugin(rig.pluginsDir, "remover", removes, {
    ...{ capabilities: [], mediaTypes: ["tv"] },
    subscriptions: { hooks: [{ name: "pipeline.scan.afterProcess" }] },
  });
  await rig.scan("/films/a.mkv");
  expect(rig.store.chapters(rig.fileId("/films/a.mkv"))).toHaveLength(1);
  await rig.scan("/tv/Show S01E01.mkv");
  expect(rig.store.chapters(rig.fileId("/tv/Show S01E01.mkv"))).toEqual([]);
});
