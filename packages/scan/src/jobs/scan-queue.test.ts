import { join } from "node:path";
import { makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openJobs } from "../../../jobs/src/index.ts";
import { openPluginSettings } from "../host/plugin-settings.ts";
import { installPlugin } from "../manifest/install-plugin.ts";
import { openRig } from "../testing/open-rig.ts";
import { writePlugin } from "../testing/write-plugin.ts";

/** Says what it was asked, as the title of a chapter would not fit. */
const TELLS = `
for (const method of ["scanSingle", "scanBatch"]) {
  const before = methods["mediaScan." + method];
  methods["mediaScan." + method] = (id, params) => {
    const files = params.files ?? [params.file];
    console.error(JSON.stringify({ method, key: params.groupKey, paths: files.map((f) => f.path), cached: files.map((f) => f.cachedFingerprints) }));
    before(id, params);
  };
}
`;

async function told(rig: ReturnType<typeof openRig>, id: string) {
  const { plugin } = await rig.plugins.get(id);
  return plugin.log
    .lines()
    .filter(({ text }) => text.startsWith("{"))
    .map(
      ({ text }) => JSON.parse(text) as { method: string; paths: string[]; cached: unknown[][] },
    );
}

it("lets plugins look at the episodes of a season together, in their order, and at no other film", async () => {
  await using folder = await makeTempFolder();
  const beside = [
    "/tv/Show - S01E01 - One.mkv",
    "/tv/Show - S01E10 - Ten.mkv",
    "/tv/Show - S01E02 - Two.mkv",
    "/tv/Show - S02E01.mkv",
    "/tv/Other - S01E03.mkv",
    "/tv/Extra.mkv",
  ];
  const looked: (readonly string[])[] = [];
  await using rig = openRig(folder.path, { beside, onLooked: (paths) => looked.push(paths) });
  await writePlugin(rig.pluginsDir, "teller", `${TELLS} begin()`);
  const job = await rig.scan("/tv/Show - S01E01 - One.mkv");
  expect(job).toMatchObject({ state: "done", films: 3 });
  expect(await told(rig, "teller")).toMatchObject([
    {
      method: "scanBatch",
      paths: [
        "/tv/Show - S01E01 - One.mkv",
        "/tv/Show - S01E02 - Two.mkv",
        "/tv/Show - S01E10 - Ten.mkv",
      ],
    },
  ]);
  // Another one of the season is known by now.
  expect(await rig.scan("/tv/Show - S01E02 - Two.mkv")).toMatchObject({
    tasks: [{ state: "known" }],
  });
  expect(rig.store.chapters(rig.fileId("/tv/Show - S01E02 - Two.mkv"))).toHaveLength(1);
  // Who keeps what was found elsewhere is told each time, of the whole season.
  expect(looked.map((paths) => paths.length)).toEqual([3, 3]);
});

it("gives back what was found before, as it was; not to another version of the plugin", async () => {
  await using folder = await makeTempFolder();
  const again = `${TELLS} const version = (v) => { methods["mediaScan.algorithmVersion"] = (id) => answer(id, { algorithmVersion: v }); };`;
  const scan = async (script: string, version: string, beside: string[]) => {
    await using rig = openRig(folder.path, { beside });
    await writePlugin(rig.pluginsDir, "teller", script, { version });
    const job = await rig.scan("/tv/Show S01E01.mkv");
    return { job, calls: await told(rig, "teller") };
  };
  const opaque = {
    ...{ type: "t", algorithmVersion: "1", fingerprint: "opaque \u0000 ü", metadata: { a: [1] } },
  };
  const first = await scan(`${again} begin()`, "1.0.0", []);
  expect(first.calls).toMatchObject([{ cached: [[]] }]);
  // One more episode: the season is looked at anew, with what is known of the first one.
  const larger = await scan(`${again} begin()`, "1.0.0", ["/tv/Show S01E02.mkv"]);
  expect(larger.calls).toMatchObject([{ cached: [[opaque], []] }]);
  const newer = await scan(`${again} version("2"); begin()`, "1.1.0", ["/tv/Show S01E02.mkv"]);
  expect(newer.job).toMatchObject({ tasks: [{ state: "done" }] });
  expect(newer.calls).toMatchObject([{ cached: [[], []] }]);
});

it("takes what it knows of an answer, and leaves alone what a later version of the protocol may have", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  const later = `const known = found; methods["mediaScan.scanSingle"] = (id, { file }) => {
    const { chapters: [first] } = known([file]);
    answer(id, { chapters: [{ ...first, mood: "dark" }], thumbnails: [{ fileId: 7 }] });
  }; begin()`;
  await writePlugin(rig.pluginsDir, "later", later);
  expect((await rig.scan("/films/a.mkv")).tasks).toMatchObject([{ state: "done", chapters: 1 }]);
});

it("asks whether a plugin is switched on before each film, and what it can do", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  await writePlugin(rig.pluginsDir, "scanner", "begin()");
  await writePlugin(rig.pluginsDir, "painter", "begin()", { capabilities: ["artwork-search"] });
  const settings = openPluginSettings(rig.pluginsDir);
  await settings.setEnabled("scanner", false);
  expect((await rig.scan("/films/a.mkv")).tasks).toEqual([]);
  await settings.setEnabled("scanner", true);
  expect((await rig.scan("/films/b.mkv")).tasks).toMatchObject([{ plugin: "scanner" }]);
});

it("has one plugin look at one film at a time, and tells of it in order", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  await writePlugin(
    rig.pluginsDir,
    "single",
    `let busy = 0;
     const before = methods["mediaScan.scanSingle"];
     methods["mediaScan.scanSingle"] = (id, params) => {
       if ((busy += 1) > 1) process.exit(1);
       setTimeout(() => { busy -= 1; before(id, params); }, 20);
     };
     begin()`,
  );
  const films = ["/films/a.mkv", "/films/b.mkv", "/films/c.mkv"];
  for (const film of films) rig.queue.want(film);
  rig.queue.want("/films/a.mkv");
  await rig.queue.idle();
  const jobs = rig.queue.jobs();
  expect(jobs.map(({ path }) => path)).toEqual(films.toReversed());
  expect(jobs.every(({ state }) => state === "done")).toBe(true);
});

it("ends in the middle of a scan, and knows nothing of it the next time", async () => {
  await using folder = await makeTempFolder();
  {
    await using rig = openRig(folder.path);
    const hangs = 'methods["mediaScan.scanSingle"] = () => console.error("{}"); begin()';
    await writePlugin(rig.pluginsDir, "slow", hangs);
    rig.queue.want("/films/a.mkv");
    await expect.poll(async () => (await told(rig, "slow")).length).toBe(1);
  }
  await using rig = openRig(folder.path);
  await writePlugin(rig.pluginsDir, "slow", "begin()");
  expect((await rig.scan("/films/a.mkv")).tasks).toMatchObject([{ state: "done", chapters: 1 }]);
});

it("looks after a restart at what waited before, unless scans were switched off", async () => {
  await using folder = await makeTempFolder();
  const file = join(folder.path, "jobs.json");
  const again = async (how: { isOn: boolean; settleMs?: number }) => {
    const jobs = await openJobs({ file, installation: "", log: makeRecordingLog() });
    const { isOn, settleMs = 0 } = how;
    return openRig(folder.path, { jobs, isOn, times: { settleMs } });
  };
  const want = async (film: string) => {
    await using rig = await again({ isOn: true, settleMs: 50 });
    await writePlugin(rig.pluginsDir, "mine", "begin()");
    rig.queue.want(film);
    expect(rig.queue.jobs()).toMatchObject([{ path: film, state: "waiting" }]);
  };
  await want("/films/a.mkv");
  {
    await using rig = await again({ isOn: true });
    await expect
      .poll(() => rig.queue.jobs())
      .toMatchObject([{ path: "/films/a.mkv", state: "done", tasks: [{ chapters: 1 }] }]);
  }
  await want("/films/b.mkv");
  await using rig = await again({ isOn: false });
  await expect
    .poll(() => rig.queue.jobs())
    .toMatchObject([{ path: "/films/b.mkv", state: "failed", reason: "the job was cancelled" }]);
  // One that is asked for is looked at all the same.
  rig.queue.want("/films/b.mkv", { isAsked: true });
  await rig.queue.idle();
  expect(rig.queue.jobs()[0]).toMatchObject({ path: "/films/b.mkv", state: "done" });
});

it("looks again where somebody asks, at what a plugin is that was installed under the same version", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path, { times: { freshMs: 1e9 } });
  const install = async (algorithm: string, share: number) => {
    const script = `methods["mediaScan.algorithmVersion"] = (id) => answer(id, { algorithmVersion: "${algorithm}" });
      console.error(process.env.AVIATO_PLUGIN_CONFIG); begin()`;
    const configuration = [{ key: "share", label: "Share", input: "number", default: share }];
    const source = await writePlugin(join(folder.path, algorithm), "mine", script, {
      configuration,
    });
    await installPlugin(source, { pluginsDir: rig.pluginsDir, sha256: undefined });
  };
  await install("1", 0.1);
  expect((await rig.scan("/films/a.mkv")).tasks).toMatchObject([{ state: "done" }]);
  await install("2", 0.2);
  rig.queue.want("/films/a.mkv");
  await rig.queue.idle();
  expect(rig.queue.jobs()).toHaveLength(1);
  rig.queue.want("/films/a.mkv", { isAsked: true });
  await rig.queue.idle();
  const [again] = rig.queue.jobs();
  expect(again?.tasks).toMatchObject([{ plugin: "mine", state: "done" }]);
  const { plugin } = await rig.plugins.get("mine");
  expect(plugin.log.lines().map(({ text }) => text)).toEqual(['{"share":0.2}']);
});

it("lets who is about to watch a film begin, unless the film is asked for", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path, { times: { settleMs: 1e9 } });
  await writePlugin(rig.pluginsDir, "mine", "begin()");
  const films = ["/films/watched.mkv", "/films/asked.mkv"] as const;
  for (const film of films) rig.queue.want(film);
  rig.queue.want(films[1], { isAsked: true });
  await rig.queue.idle();
  expect(rig.queue.jobs()).toMatchObject([
    { path: films[0], state: "waiting" },
    { path: films[1], state: "done" },
  ]);
});

it("leaves films alone of a library for which a plugin is switched off, asked before each film", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  await writePlugin(rig.pluginsDir, "mine", "begin()");
  const settings = openPluginSettings(rig.pluginsDir);
  await settings.setEnabled("mine", false, "/films/kids");
  expect((await rig.scan("/films/kids/a.mkv")).tasks).toEqual([]);
  expect((await rig.scan("/films/kids of others/a.mkv")).tasks).toMatchObject([{ state: "done" }]);
  await settings.setEnabled("mine", true, "/films/kids");
  expect((await rig.scan("/films/kids/b.mkv")).tasks).toMatchObject([{ state: "done" }]);
});

it("goes by a switch as it is when the film is looked at, not when it was wanted", async () => {
  await using folder = await makeTempFolder();
  const settings = openPluginSettings(join(folder.path, "plugins"));
  const beforePrepare = () => settings.setEnabled("mine", false, "/films/kids");
  await using rig = openRig(folder.path, { beforePrepare });
  await writePlugin(rig.pluginsDir, "mine", "begin()");
  expect((await rig.scan("/films/kids/a.mkv")).tasks).toEqual([]);
});

it("says which plugin looks at a film, or at the season that it is of, and when nobody does any more", async () => {
  await using folder = await makeTempFolder();
  const season = ["/tv/Show S01E01.mkv", "/tv/Show S01E02.mkv"] as const;
  await using rig = openRig(folder.path, { beside: season });
  const holds = 'methods["mediaScan.scanBatch"] = () => console.error("{}"); begin()';
  await writePlugin(rig.pluginsDir, "slow", holds);
  rig.queue.want(season[0]);
  const settled = rig.queue.settled(season[0]);
  await expect.poll(async () => (await told(rig, "slow")).length).toBe(1);
  expect(rig.queue.lookingAt(season[1])).toBe("slow");
  expect(rig.queue.lookingAt("/tv/Another.mkv")).toBeUndefined();
  await rig.plugins.rest();
  await settled;
  expect(rig.queue.lookingAt(season[1])).toBeUndefined();
  await rig.queue.settled(season[0]);
});
