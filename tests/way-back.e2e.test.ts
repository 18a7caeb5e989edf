import { chmod, copyFile, cp, mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  eventually,
  makeFakeItem,
  makeTempFolder,
  mountSmallDisk,
  runFfmpeg,
  startFakeJellyfin,
  TICKS_PER_SECOND,
  type FakeJellyfin,
  type SmallDisk,
  type TempFolder,
} from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWebClient } from "./jellyfin/web-client.ts";
import { openBrowser, type OpenedBrowser } from "./support/chromium.ts";
import { pacedFfmpeg } from "./support/paced-ffmpeg.ts";
import { childrenOf } from "./support/processes.ts";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";

const SECONDS = 300;
/** Little work, so that it is made faster than it is played on any machine: else Jellyfin's own is played. */
const PICTURE = { width: 64, height: 36 };
const NEAR_END = SECONDS - 10;
/** Film seconds a second: all of it takes two minutes, so that its end is not made meanwhile. */
const PACE = 2.5;
/** A network in MODELS_DIR. */
const MODEL = "own";
const NETWORK = fileURLToPath(
  new URL("../packages/upscaler/models/upreel-x2-live16x0-fp32.onnx", import.meta.url),
);
/** One that is asked for only after a jump to the end of the film. */
const FAR_SEGMENT = /\/upscale\/.*\/000[1-9]\d\d\.ts/;
const WISH = { seconds: 4, audio: 3, subtitle: -1 };

describe("a stream that fails gives the web client's player Jellyfin's own", () => {
  let folder: TempFolder;
  let jellyfin: FakeJellyfin;
  let gateway: RunningGateway;
  let browser: OpenedBrowser;
  let server: string;
  let broken: string;
  let models: string;
  let disk: SmallDisk | undefined;
  let films = 0;

  beforeAll(async () => {
    folder = await makeTempFolder();
    const [film, tool] = [join(folder.path, "film.mp4"), join(folder.path, "ffmpeg.sh")];
    const ffmpeg = await pacedFfmpeg(folder.path, PACE);
    await runFfmpeg([
      ...["-f", "lavfi", "-i", `testsrc2=s=${PICTURE.width}x${PICTURE.height}:r=12:d=${SECONDS}`],
      ...[440, 880].flatMap((hertz) => [
        ...["-f", "lavfi", "-i", `sine=frequency=${hertz}:sample_rate=48000:duration=${SECONDS}`],
      ]),
      ...["-map", "0", "-map", "1", "-map", "2", "-c:v", "libx264", "-preset", "ultrafast"],
      ...["-g", "24", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "32k", "-ac", "2", film],
    ]);
    broken = join(folder.path, "broken");
    // What becomes of it when the disk, a driver or a file of it breaks in mid-play.
    await writeFile(tool, `#!/bin/sh\n[ -e "${broken}" ] && exit 1\nexec "${ffmpeg}" "$@"\n`);
    await chmod(tool, 0o755);
    jellyfin = await startFakeJellyfin({ version: "10.11.11" });
    models = join(folder.path, "models");
    await mkdir(models);
    await copyFile(NETWORK, join(models, `${MODEL}.onnx`));
    disk = await mountSmallDisk(join(folder.path, "disk"), 192);
    if (disk === undefined) throw new Error("this test mounts a tmpfs: run it as root");
    gateway = await startGateway({
      dataDir: join(folder.path, "disk", "data"),
      roots: folder.path,
      env: {
        ...{ JELLYFIN_URL: jellyfin.url, PATH_MAP: `/media=${folder.path}`, FFMPEG: tool },
        ...{ MODELS_DIR: models, MODEL },
      },
    });
    server = await gateway.proxyUrl();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await gateway?.[Symbol.asyncDispose]();
    await jellyfin?.[Symbol.asyncDispose]();
    await disk?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  /**
   * An item with a film of its own, its place of 4 s upscaled, and a client that may play it; `ownSound`: of the
   * stream of Jellyfin's own that it comes to.
   */
  async function openFilm({ ownSound }: { readonly ownSound?: number } = {}) {
    films += 1;
    const itemId = String(films).padStart(32, "0");
    const path = join(folder.path, `Film ${films}.mp4`);
    await copyFile(join(folder.path, "film.mp4"), path);
    const item = makeFakeItem({
      ...{ id: itemId, path: `/media/Film ${films}.mp4`, file: join(folder.path, "film.mp4") },
      ...{ runTimeTicks: SECONDS * TICKS_PER_SECOND, bitrate: 100_000 },
      video: { codec: "h264", ...PICTURE },
      // Its library is older than the file: the last one is gone.
      audio: ["eng", "deu", "fra"].map((language) => ({ codec: "aac", language, channels: 2 })),
      subtitles: [{ codec: "subrip", language: "fra", externalPath: "/media/Film.fre.srt" }],
    });
    jellyfin.items.push(item);
    // Jellyfin answers its own playlists at once.
    if (ownSound !== undefined)
      await jellyfin.ownHls.playlist(
        item,
        jellyfin.version,
        new URLSearchParams({ audioStreamIndex: String(ownSound) }),
      );
    const { id } = await gateway.trigger(path);
    const isMade = (ranges: readonly (readonly [number, number])[]): boolean =>
      ranges.some(([from, to]) => from <= WISH.seconds && to >= WISH.seconds + 4);
    await gateway.waitFor(id, ({ ready_ranges: ranges }) => isMade(ranges));
    const client = await openWebClient(browser, { server, itemId, deviceId: `web${films}` });
    return {
      ...{ id, client },
      /** The stream is deleted, and cannot be made again. */
      async lose(): Promise<void> {
        await rename(path, `${path}.away`);
        await fetch(`${gateway.url}/streams/${id}`, { method: "DELETE" });
      },
      async [Symbol.asyncDispose]() {
        await client[Symbol.asyncDispose]();
        await fetch(`${gateway.url}/streams/${id}`, { method: "DELETE" });
      },
    };
  }
  const played = async (client: Awaited<ReturnType<typeof openWebClient>>) =>
    (await client.plays()).map(({ kind, url, error }) => [
      ...[kind, url.includes("/upscale/") ? "upscaled" : "original", error],
    ]);
  const masters = (): string[] =>
    jellyfin.requests.map(({ url }) => url).filter((url) => url.includes("/master.m3u8"));

  it("where the file has not the sound that Jellyfin believes in", async () => {
    await using film = await openFilm({ ownSound: 4 });
    await film.client.playUpscaled({ ...WISH, audio: 4 });
    await film.client.playsAt(WISH.seconds);
    expect(await played(film.client)).toEqual([["hls", "upscaled", null]]);
    expect(masters().at(-1)).toContain("AudioStreamIndex=4");
  });

  it("where the stream is gone before its playlist is asked for", async () => {
    await using film = await openFilm({ ownSound: WISH.audio });
    await film.client.before(/\/upscale\/.*master\.m3u8/, () => film.lose());
    await film.client.playUpscaled(WISH);
    await film.client.playsAt(WISH.seconds);
    expect(await played(film.client)).toEqual([["hls", "upscaled", null]]);
    expect(masters().at(-1)).toContain("AudioStreamIndex=3");
  });

  it("where it is gone before its first segment: the client asks again, and plays the file", async () => {
    await using film = await openFilm();
    await film.client.before(/\/upscale\/.*\d{6}\.ts/, () => film.lose());
    await film.client.playUpscaled(WISH);
    await film.client.playsAt(WISH.seconds);
    expect(await played(film.client)).toEqual([
      ["hls", "upscaled", expect.stringMatching(/LoadError \d+/)],
      ["file", "original", null],
    ]);
  });

  /** Breaks what makes the film in mid-play: its player goes on with the file at the place that it jumps to. */
  async function expectWayBack(breakIt: () => Promise<void>): Promise<void> {
    await using film = await openFilm();
    // On a busy machine its first pieces may come too late: then it plays the file from the start, and begins again here.
    await eventually("the upscaled stream plays", async () => {
      await film.client.playUpscaled(WISH);
      await film.client.playsAt(WISH.seconds);
      return (await film.client.plays()).length === 1;
    });
    // Not sooner: a player that has nothing left to play where it is would be sent back from there.
    await film.client.before(FAR_SEGMENT, breakIt);
    await film.client.seek(NEAR_END);
    await eventually("the client is sent back", async () => (await film.client.plays()).length > 1);
    await film.client.playsAt(NEAR_END);
    const plays = await film.client.plays();
    expect(plays.at(-1)).toMatchObject({ kind: "file", error: null });
    expect(plays.at(-1)?.seconds).toBeCloseTo(NEAR_END, -1);
  }
  const killWorkers = async (): Promise<void> => {
    const children = await childrenOf(gateway.pid);
    for (const { pid } of children.filter(({ command }) => /worker/.test(command)))
      process.kill(pid, "SIGKILL");
  };

  it("where its worker dies in mid-play and no other one works, at the same place", async () => {
    try {
      await expectWayBack(async () => {
        await writeFile(broken, "");
        await killWorkers();
      });
    } finally {
      await rm(broken, { force: true });
    }
  });

  it("where its network cannot be loaded any more, at the same place", async () => {
    const whole = join(folder.path, "whole");
    await cp(models, whole, { recursive: true });
    try {
      await expectWayBack(async () => {
        // What was made of it, too.
        for (const each of await readdir(models, { recursive: true, withFileTypes: true }))
          if (each.isFile()) await writeFile(join(each.parentPath, each.name), "no network");
        await killWorkers();
      });
    } finally {
      await cp(whole, models, { recursive: true });
    }
  });

  it("where the disk is full, at the same place", async () => {
    const filler = join(folder.path, "disk", "filler");
    try {
      await expectWayBack(async () => {
        await using rest = await open(filler, "w");
        const isFull = (): Promise<boolean> =>
          rest.appendFile(Buffer.alloc(64 * 1024)).then(
            () => false,
            () => true,
          );
        while (!(await isFull()));
      });
    } finally {
      await rm(filler, { force: true });
    }
  });
});
