import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually, makeClip, makeTempFolder, makeRecordingLog } from "@upreel/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { installCartridge, uninstallCartridge } from "./install/install-cartridge.ts";
import { keepCartridges } from "./install/heal-cartridge.ts";
import { knownCartridges } from "./install/known-cartridges.ts";
import { makeUpreelSegments, startFakeUpreel, UPREEL_SEGMENTS } from "../testing/fake-upreel.ts";
import {
  jellyfinArguments,
  JELLYFIN_VERSIONS,
  type JellyfinOrder,
} from "../testing/jellyfin-arguments.ts";

const run = promisify(execFile);
const folders = new AsyncDisposableStack();
let film = "";
let segments = "";
let ffmpeg = "";
beforeAll(async () => {
  const folder = folders.use(await makeTempFolder());
  film = await makeClip(join(folder.path, "A film, part 1.mp4"), {
    ...{ width: 160, height: 90, rate: 25, seconds: 12 },
  });
  segments = join(folder.path, "upreel");
  await makeUpreelSegments(film, segments);
  ffmpeg = (await run("sh", ["-c", "command -v ffmpeg"])).stdout.trim();
});
afterAll(() => folders.disposeAsync());

/** Jellyfin's ffmpeg with a cartridge before it, and a gateway that has the film. */
async function openRig(advice: "upscaled" | "original" = "upscaled", waitSeconds = 240) {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await makeTempFolder());
  const upreel = stack.use(await startFakeUpreel(segments, advice));
  const jellyfin = join(path, "jellyfin-ffmpeg");
  const cache = join(path, "cache");
  await mkdir(jellyfin);
  await mkdir(cache);
  await copyFile(ffmpeg, join(jellyfin, "ffmpeg"));
  await installCartridge(jellyfin, {
    ...{ url: upreel.url, token: undefined, wait_seconds: waitSeconds, owner: undefined },
  });
  const owned = stack.move();
  return {
    ...{ upreel, jellyfin, cache, shim: join(jellyfin, "ffmpeg") },
    order: (change: Partial<JellyfinOrder> = {}) =>
      jellyfinArguments({
        ...{ version: "10.11", container: "mpegts", path: film, folder: cache },
        ...{ seekSeconds: 0, firstSegment: 0, ...change },
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Its stdin stays open, as Jellyfin's does. */
function start(shim: string, words: readonly string[]) {
  const child = spawn(shim, words, { stdio: ["pipe", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += String(chunk)));
  return { child, ended: endOf(child), said: () => said };
}

const endOf = async (child: ChildProcess): Promise<number | null> => {
  await once(child, "close");
  return child.exitCode;
};

/** A track of a segment: its first moment and its packets. */
async function lookAt(track: "v" | "a", cache: string, segment: number, end: string) {
  const file = join(cache, `0123abcd${segment}.${end}`);
  const url = end === "ts" ? file : `concat:${join(cache, "0123abcd-1.mp4")}|${file}`;
  const { stdout } = await run("ffprobe", [
    ...["-v", "error", "-select_streams", track, "-show_entries", "stream=height:packet=pts_time"],
    ...["-of", "json", url],
  ]);
  const found = JSON.parse(stdout) as {
    packets: { pts_time: string }[];
    streams: { height?: number }[];
  };
  const times = found.packets.map(({ pts_time }) => Number(pts_time));
  return { height: found.streams[0]?.height, from: Math.min(...times), packets: times.length };
}

/** Lines and first picture of a segment. */
async function look(cache: string, segment: number, end = "ts") {
  const { packets, ...seen } = await lookAt("v", cache, segment, end);
  return { ...seen, pictures: packets };
}

const session = async (jellyfin: string): Promise<Record<string, unknown>> => {
  const sessions = join(jellyfin, "upreel-cartridge", "sessions");
  const [name = ""] = (await readdir(sessions)).toSorted().slice(-1);
  return JSON.parse(await readFile(join(sessions, name, "session.json"), "utf8")) as Record<
    string,
    unknown
  >;
};

it.each(
  JELLYFIN_VERSIONS.flatMap((version) =>
    (["mpegts", "fmp4"] as const).map((container) => ({ version, container })),
  ),
)("Jellyfin $version gets $container upscaled, cut and named as it ordered", async (asked) => {
  await using rig = await openRig();
  // Between two of Upreel's segments.
  const words = rig.order({ ...asked, seekSeconds: 3, firstSegment: 1 });
  const { ended, said } = start(rig.shim, words);
  expect(await ended, said()).toBe(0);
  const end = asked.container === "fmp4" ? "mp4" : "ts";
  for (const segment of [1, 2, 3]) {
    const { height, from, pictures } = await look(rig.cache, segment, end);
    expect({ height, pictures }).toEqual({ height: 180, pictures: 75 });
    // Jellyfin's clock; `-max_delay` puts MPEG-TS ten seconds later.
    const start = segment * 3 + (end === "ts" ? 10 : 0);
    expect(Math.abs(from - start), `segment ${segment} begins at ${from}`).toBeLessThan(0.1);
  }
  expect(await readFile(join(rig.cache, "0123abcd.m3u8"), "utf8")).toContain("#EXT-X-ENDLIST");
  expect(said()).toMatch(/time=\d\d:\d\d:\d\d/);
  expect(await session(rig.jellyfin)).toMatchObject({ outcome: "upscaled", segments: 3 });
  expect(rig.upreel.asked[0]).toBe(1);
  await rig.upreel.left;
});

it.each([
  ...JELLYFIN_VERSIONS.map((version) => ({ version, container: "mpegts" as const })),
  { version: "12.0", container: "fmp4" } as const,
])(
  "Jellyfin $version gets copied sound in $container that begins with the picture",
  async (asked) => {
    await using rig = await openRig();
    const order = { ...asked, audio: "copy", seekSeconds: 3, firstSegment: 1 } as const;
    const { ended, said } = start(rig.shim, rig.order(order));
    expect(await ended, said()).toBe(0);
    expect(await session(rig.jellyfin)).toMatchObject({ outcome: "upscaled", segments: 3 });
    const end = asked.container === "fmp4" ? "mp4" : "ts";
    for (const segment of [1, 2, 3]) {
      const picture = await look(rig.cache, segment, end);
      expect(picture).toMatchObject({ height: 180, pictures: 75 });
      const sound = await lookAt("a", rig.cache, segment, end);
      // AAC packets of 1024 samples each.
      expect(Math.abs(sound.from - picture.from), `segment ${segment}`).toBeLessThan(0.1);
      expect(Math.abs(sound.packets - (3 * 48_000) / 1024)).toBeLessThan(10);
    }
  },
);

it("what is no transcode is the real ffmpeg's, and leaves no record", async () => {
  await using rig = await openRig();
  const real = await run(ffmpeg, ["-version"]);
  expect(await run(rig.shim, ["-version"])).toEqual(real);
  const copied = rig.order({ encoder: "copy" }).filter((word) => !/preset|veryfast/.test(word));
  await run(rig.shim, copied.slice(0, -1).concat("-v", "error", "-f", "null", "-")).catch(() => 0);
  expect(await readdir(join(rig.jellyfin, "upreel-cartridge", "sessions"))).toEqual([]);
  expect(rig.upreel.asked).toEqual([]);
});

it.each([
  ["the gateway is away", async (rig: Rig) => rig.upreel[Symbol.asyncDispose]()],
  [
    "it has no segment",
    async (rig: Rig) => rig.upreel.answerFrom(0, (response) => response.writeHead(404).end()),
  ],
  ["it gives the film up", async (rig: Rig) => rig.upreel.answerFrom(0, endWithNothing)],
])("Jellyfin's own command is run where %s", async (_name, break_) => {
  await using rig = await openRig();
  await break_(rig);
  const { ended, said } = start(rig.shim, rig.order());
  expect(await ended, said()).toBe(0);
  expect(await look(rig.cache, 3)).toMatchObject({ height: 90, pictures: 75 });
  expect(await session(rig.jellyfin)).toMatchObject({ outcome: "original" });
});
type Rig = Awaited<ReturnType<typeof openRig>>;

/** Kept alive by empty packets, then ended. */
const endWithNothing = (response: { end(bytes: Buffer): unknown }): void => {
  const packet = Buffer.alloc(188, 0xff);
  packet.set([0x47, 0x1f, 0xff, 0x10]);
  response.end(packet);
};

it("does not wait for ever for the first segment, nor where the gateway advises against it", async () => {
  for (const [advice, reason] of [
    ["upscaled", "nothing to play within 0.5 s"],
    ["original", "this machine is too slow"],
  ] as const) {
    await using rig = await openRig(advice, advice === "upscaled" ? 0.5 : 240);
    rig.upreel.answerFrom(0, () => undefined);
    const { ended } = start(rig.shim, rig.order());
    expect(await ended).toBe(0);
    expect(await look(rig.cache, 0)).toMatchObject({ height: 90 });
    expect(await session(rig.jellyfin)).toMatchObject({ outcome: "original", reason });
  }
});

it.each(["mpegts", "fmp4"] as const)(
  "goes on in the same size, from the segment that was begun, where the gateway is lost (%s)",
  async (container) => {
    await using rig = await openRig();
    const end = container === "fmp4" ? "mp4" : "ts";
    rig.upreel.answerFrom(5, (response) => {
      // A player may have the first one by then.
      const second = eventually("a segment", () => existsSync(join(rig.cache, `0123abcd1.${end}`)));
      void second.finally(() => response.writeHead(404).end());
    });
    const { ended, said } = start(rig.shim, rig.order({ container }));
    expect(await ended, said()).toBe(0);
    const made = await session(rig.jellyfin);
    expect(made).toMatchObject({ outcome: "plain" });
    expect(made["segments"]).toBeGreaterThan(1);
    for (const segment of [0, 1, 2, 3])
      expect(await look(rig.cache, segment, end)).toMatchObject({ height: 180, pictures: 75 });
    expect(await readFile(join(rig.cache, "0123abcd.m3u8"), "utf8")).toContain("#EXT-X-ENDLIST");
  },
);

it("a gateway that is restarted is waited for", async () => {
  await using rig = await openRig();
  let refused = 0;
  rig.upreel.answerFrom(2, (response) => {
    refused += 1;
    if (refused === 3) rig.upreel.answerFrom(99, () => undefined);
    response.destroy();
  });
  const { ended, said } = start(rig.shim, rig.order());
  expect(await ended, said()).toBe(0);
  expect(await session(rig.jellyfin)).toMatchObject({ outcome: "upscaled", segments: 4 });
});

it("p holds it, u lets it go on, q ends it with a whole list", async () => {
  await using rig = await openRig();
  // The last of Upreel's segments does not come: nothing is over by itself.
  const waiting = Promise.withResolvers<void>();
  rig.upreel.answerFrom(UPREEL_SEGMENTS - 1, () => waiting.resolve());
  const { child, ended, said } = start(rig.shim, rig.order());
  await waiting.promise;
  child.stdin.write("p");
  child.stdin.write("u");
  await eventually("a segment", () => said().includes("0123abcd1.ts"));
  child.stdin.write("q");
  expect(await ended, said()).toBe(0);
  expect(await readFile(join(rig.cache, "0123abcd.m3u8"), "utf8")).toContain("#EXT-X-ENDLIST");
  expect(await session(rig.jellyfin)).toMatchObject({ outcome: "upscaled" });
});

it.each([
  ["is killed", (child: ChildProcess) => void child.kill("SIGKILL")],
  ["loses Jellyfin", (child: ChildProcess) => void child.stdin?.end()],
])("no ffmpeg is left when the cartridge %s", async (_name, end) => {
  await using rig = await openRig();
  const waiting = Promise.withResolvers<void>();
  rig.upreel.answerFrom(3, () => waiting.resolve());
  const { child, ended } = start(rig.shim, rig.order());
  await waiting.promise;
  const pids = await eventually("ffmpeg", () => ffmpegsOf(rig.cache));
  end(child);
  await ended;
  await eventually("the end of ffmpeg", async () => (await ffmpegsOf(rig.cache)) === undefined);
  expect(pids.length).toBeGreaterThan(0);
});

/** Processes that write there, the cartridge itself aside. */
async function ffmpegsOf(cache: string): Promise<string[] | undefined> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found: string[] = [];
  for (const pid of pids) {
    const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (line.includes(`${cache}/`) && !line.includes("run-cartridge")) found.push(pid);
  }
  return found.length === 0 ? undefined : found;
}

it("comes back before a new ffmpeg, says so, and goes without a trace", async () => {
  await using rig = await openRig();
  const log = makeRecordingLog();
  await using folder = await makeTempFolder();
  await using _ = await keepCartridges(folder.path, log, 20);
  // The gateway runs already, as a rule.
  await knownCartridges(folder.path).add(rig.jellyfin);
  const updated = '#!/bin/sh\necho "ffmpeg version 99.1"\n';
  // As a package manager does: beside it, then over it.
  await writeFile(join(rig.jellyfin, "ffmpeg.dpkg-new"), updated, { mode: 0o755 });
  await run("mv", [join(rig.jellyfin, "ffmpeg.dpkg-new"), rig.shim]);
  await eventually("the shim", () =>
    log.entries.some(({ message }) => message.includes("is back")),
  );
  expect(await readFile(rig.shim, "utf8")).toContain("Upreel's cartridge");
  expect((await run(rig.shim, ["-version"])).stdout).toBe("ffmpeg version 99.1\n");
  await uninstallCartridge(rig.jellyfin);
  expect(await readdir(rig.jellyfin)).toEqual(["ffmpeg"]);
  expect(await readFile(rig.shim, "utf8")).toBe(updated);
});

it("is not put before something that is no ffmpeg", async () => {
  await using folder = await makeTempFolder();
  await writeFile(join(folder.path, "ffmpeg"), "#!/bin/sh\necho hello\n", { mode: 0o755 });
  const options = { url: "http://127.0.0.1:1", token: "secret", wait_seconds: 1, owner: undefined };
  await expect(installCartridge(folder.path, options)).rejects.toThrow("does not work");
  expect(await readdir(folder.path)).toEqual(["ffmpeg"]);
});
