import { eventually, makeTempFolder } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import { openRig } from "./testing/open-rig.ts";
import { CROWD, endless, whenAsked } from "./testing/hostile-scripts.ts";
import { writePlugin } from "./testing/write-plugin.ts";

const FILM = "/films/film.mkv";

/** What a plugin does, how that is told, and how long it is waited for where that is the end of it. */
const HOSTILE: Record<
  string,
  { script: string; reason: RegExp; times?: { startMs?: number; pingMs?: number; scanMs?: number } }
> = {
  "never gets ready": {
    script: "setInterval(() => {}, 1000)",
    reason: /did not say `ready`/,
    times: { startMs: 1_000 },
  },
  "ends before it is ready": { script: "process.exit(3)", reason: /exit code 3/ },
  "cannot be parsed": { script: "{{{", reason: /exit code 1/ },
  "is ready but answers no ping": {
    script: "methods.ping = () => {}; begin()",
    reason: /ping: no answer/,
    times: { pingMs: 500 },
  },
  "hangs in a scan": {
    script: whenAsked("for (;;);"),
    reason: /scanSingle: no answer within/,
    times: { scanMs: 1_000 },
  },
  "crashes in a scan": {
    script: whenAsked("process.exit(9);"),
    reason: /exit code 9/,
  },
  "floods stdout": {
    script: whenAsked(endless('"y\\n".repeat(1 << 16)')),
    reason: /wrote more than/,
  },
  "floods stderr before it is ready": {
    script: endless('"y\\n".repeat(1 << 16)', "stderr"),
    reason: /wrote more than/,
  },
  "writes a line without end": {
    script: whenAsked(endless('"y".repeat(1 << 16)')),
    reason: /a line of more than/,
  },
  "starts more and more processes": {
    script: CROWD,
    reason: /it had more than 256 processes/,
  },
  "answers by wrong ids": {
    script: whenAsked("answer(id + 1000, found([file])); answer(null, 1); answer({}, 1);"),
    reason: /no answer within/,
    times: { scanMs: 1_000 },
  },
  "answers too late": {
    script: whenAsked("setTimeout(() => answer(id, found([file])), 60_000);"),
    reason: /no answer within/,
    times: { scanMs: 500 },
  },
  "answers an error": {
    script: whenAsked('say({ id, error: { code: -32603, message: "no disk" } });'),
    reason: /no disk/,
  },
  "tells of a file that was not asked for": {
    script: whenAsked('answer(id, found([{ fileId: "other" }]));'),
    reason: /a file not asked for: other/,
  },
  "tells of a chapter behind the film's end": {
    script: whenAsked(
      'answer(id, { chapters: [{ fileId: file.fileId, role: "intro", startTime: 1, endTime: 1e5 }] });',
    ),
    reason: /a chapter up to 100000 s/,
  },
  "answers in another shape": {
    script: whenAsked("answer(id, { chapters: [{ fileId: 7 }] });"),
    reason: /chapters\.0\.fileId/,
  },
  "answers with a thousand brackets in brackets": {
    script: whenAsked(
      'process.stdout.write(`{"id":${JSON.stringify(id)},"result":{"fingerprints":[{"fileId":"x","metadata":${"[".repeat(100000)}${"]".repeat(100000)}}]}}\\n`);',
    ),
    reason: /another shape/,
  },
};

describe("a plugin that", () => {
  it.each(Object.entries(HOSTILE))(
    "%s fails alone, and the next one finds what it finds",
    async (_, { script, reason, times = {} }) => {
      await using folder = await makeTempFolder();
      await using rig = openRig(folder.path, { times });
      await writePlugin(rig.pluginsDir, "a-hostile", script);
      await writePlugin(rig.pluginsDir, "b-good", "begin()");
      const job = await rig.scan(FILM);
      const [hostile, good] = job.tasks;
      expect(hostile).toMatchObject({ plugin: "a-hostile", state: "failed", chapters: 0 });
      expect(hostile?.reason).toMatch(reason);
      // The bound is for the hostile one; a good one may not even have started within it.
      if (Object.keys(times).length === 0)
        expect(good).toMatchObject({ plugin: "b-good", state: "done", chapters: 1 });
      const kept = rig.store.chapters(rig.fileId(FILM));
      expect(kept.every(({ pluginId }) => pluginId === "b-good")).toBe(true);
    },
  );

  it("prints rubbish between its answers is understood all the same, and the rubbish is logged", async () => {
    await using folder = await makeTempFolder();
    await using rig = openRig(folder.path);
    const rubbish = 'console.log("hello"); console.log("[1,2]"); console.log("{"); begin()';
    await writePlugin(rig.pluginsDir, "noisy", rubbish);
    expect(await rig.scan(FILM)).toMatchObject({ state: "done" });
    const { plugin } = await rig.plugins.get("noisy");
    const lines = plugin.log.lines().map(({ text }) => text);
    expect(lines.filter((text) => text.startsWith("not JSON-RPC"))).toHaveLength(3);
  });

  it("died once is started again, for the same film", async () => {
    await using folder = await makeTempFolder();
    await using rig = openRig(folder.path);
    await writePlugin(
      rig.pluginsDir,
      "once",
      `import { existsSync, writeFileSync } from "node:fs";
       const mark = process.env.AVIATO_PLUGIN_TMP_DIR + "/mark";
       if (!existsSync(mark)) methods["mediaScan.scanSingle"] = () => { writeFileSync(mark, ""); process.exit(1); };
       begin()`,
    );
    const job = await rig.scan(FILM);
    expect(job.tasks).toMatchObject([{ plugin: "once", state: "done", reason: null }]);
  });

  it("is ended takes what it started with it", async () => {
    await using folder = await makeTempFolder();
    await using rig = openRig(folder.path);
    await writePlugin(
      rig.pluginsDir,
      "parent",
      `import { spawn } from "node:child_process";
       methods["mediaScan.scanSingle"] = () => {
         const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
         process.stderr.write("child " + child.pid + "\\n");
         process.exit(1);
       };
       begin()`,
    );
    await rig.scan(FILM);
    const { plugin } = await rig.plugins.get("parent");
    const told = plugin.log.lines().find(({ text }) => text.startsWith("child "));
    const pid = Number(told?.text.split(" ")[1]);
    expect(pid).toBeGreaterThan(1);
    await eventually("the end of its child", () => !isAlive(pid));
  });

  it("knows nothing of this process's environment", async () => {
    await using folder = await makeTempFolder();
    await using rig = openRig(folder.path);
    process.env["UPREEL_TEST_SECRET"] = "secret";
    try {
      await writePlugin(
        rig.pluginsDir,
        "curious",
        'console.error(Object.keys(process.env).toSorted().join(" ")); begin()',
      );
      await rig.scan(FILM);
    } finally {
      delete process.env["UPREEL_TEST_SECRET"];
    }
    const { plugin } = await rig.plugins.get("curious");
    expect(plugin.log.lines()[0]?.text).toBe(
      "AVIATO_PLUGIN_CONFIG AVIATO_PLUGIN_ID AVIATO_PLUGIN_LOG_LEVEL AVIATO_PLUGIN_TMP_DIR HOME LANG PATH TMPDIR",
    );
  });
});

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
