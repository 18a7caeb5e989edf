import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  eventually,
  makeFakeItem,
  makeTempFolder,
  runFfmpeg,
  startFakeJellyfin,
  TICKS_PER_SECOND,
  type FakeJellyfin,
  type TempFolder,
} from "@upreel/testkit";
import type { PlaybackAnswer } from "@upreel/jellyfin";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLIENTS, replayClient } from "./jellyfin/clients.ts";
import { pacedFfmpeg } from "./support/paced-ffmpeg.ts";
import { childrenOf, isAlive } from "./support/processes.ts";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";

const ID = "508bfcc390dc4acbd1826571a92d9968";
const SECONDS = 24;
const LAST = SECONDS / 2 - 1;

/** The one that reads ahead and survives nothing. */
const [MPV_SHIM] = CLIENTS.filter(({ name }) => name === "mpv-shim");

/** A machine that is busy answers with the original first: that is another test's matter. */
const upscaled = (ask: () => Promise<PlaybackAnswer>): Promise<PlaybackAnswer> =>
  eventually("it is upscaled", async () => {
    const answer = await ask();
    return answer.MediaSources[0]?.["TranscodingUrl"] === undefined ? undefined : answer;
  });

/** Small pictures, two sound tracks and text subtitles. */
async function makeFilm(folder: string): Promise<string> {
  const [subtitles, film] = [join(folder, "a.srt"), join(folder, "film.mkv")];
  await writeFile(subtitles, "1\n00:00:01,000 --> 00:00:03,000\nHello\n");
  await runFfmpeg([
    ...["-f", "lavfi", "-i", `testsrc2=s=96x54:r=24:d=${SECONDS}`],
    ...[440, 880].flatMap((hertz) => [
      ...["-f", "lavfi", "-i", `sine=frequency=${hertz}:sample_rate=48000:duration=${SECONDS}`],
    ]),
    ...["-i", subtitles, "-map", "0", "-map", "1", "-map", "2", "-map", "3"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"],
    ...["-c:a", "aac", "-ac", "2", "-c:s", "srt", film],
  ]);
  return film;
}

describe("in front of Jellyfin", () => {
  let folder: TempFolder;
  let jellyfin: FakeJellyfin;
  let gateway: RunningGateway;
  let server: string;

  beforeAll(async () => {
    folder = await makeTempFolder();
    const file = await makeFilm(folder.path);
    jellyfin = await startFakeJellyfin({
      items: [
        makeFakeItem({
          ...{ id: ID, path: "/media/movies/Film.mkv", file },
          runTimeTicks: SECONDS * TICKS_PER_SECOND,
          bitrate: 100_000,
          video: { codec: "h264", width: 96, height: 54 },
          audio: ["eng", "fra"].map((language) => ({ codec: "aac", language, channels: 2 })),
          // The one beside the film is counted first: Jellyfin's sounds are 2 and 3, the file's 1 and 2.
          subtitles: [
            { codec: "subrip", language: "eng" },
            { codec: "subrip", language: "fra", externalPath: "/media/movies/Film.fre.srt" },
          ],
        }),
      ],
    });
    gateway = await startGateway({
      dataDir: join(folder.path, "data"),
      roots: folder.path,
      env: {
        JELLYFIN_URL: jellyfin.url,
        PATH_MAP: `/media/movies/Film.mkv=${file}`,
        MODEL: "lanczos",
        // A long film is still being made when its worker is to be killed.
        FFMPEG: await pacedFfmpeg(folder.path, 8),
      },
    });
    server = await gateway.proxyUrl();
    // On a machine that is busy with other things it could come too late, or be too slow to be offered.
    const { id } = await gateway.trigger(file);
    await gateway.waitFor(id, ({ state }) => state === "complete");
  });
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await jellyfin?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  it.each(CLIENTS)("$name plays, changes the sound, seeks and stops", async (habits) => {
    const client = replayClient(habits, server, ID);
    await client.openItemPage();
    const start = habits.saysWhere ? 4 : 0;
    const first = await upscaled(() => client.playbackInfo(start, 2));
    const streams = first.MediaSources[0]?.MediaStreams;
    expect(streams?.find(({ Index }) => Index === 4)?.DeliveryMethod).toBe("External");
    expect(first.MediaSources[0]).toMatchObject({
      TranscodingUrl: expect.stringContaining("audio=1&"),
    });
    const playlist = await client.openStream(first);
    expect(playlist.segments.length).toBeGreaterThan(LAST);
    await client.segment(playlist, start / 2);
    await client.playing(first, start);
    await client.progress(first, start + 1);

    const second = await upscaled(() => client.playbackInfo(start + 1, 3, { AudioStreamIndex: 3 }));
    expect(second.MediaSources[0]).toMatchObject({
      DefaultAudioStreamIndex: 3,
      TranscodingUrl: expect.stringContaining("audio=2&"),
    });
    await client.endEncoding(first);
    await client.endEncoding(first);
    const other = await client.openStream(second);
    await client.segment(other, LAST);
    await client.segment(other, 0);
    await client.progress(second, SECONDS - 1);
    await client.stop(second, SECONDS - 1);

    const told = jellyfin.requests.filter(({ url }) => url.startsWith("/Sessions/Playing"));
    expect(JSON.parse(told.at(-1)?.body ?? "{}")).toMatchObject({
      PlaySessionId: second.PlaySessionId,
      PositionTicks: (SECONDS - 1) * TICKS_PER_SECOND,
    });
  });

  it("killed in mid-play it costs a pause: no request is refused, and the play goes on", async () => {
    if (MPV_SHIM === undefined) throw new Error("no mpv-shim");
    const client = replayClient(MPV_SHIM, server, ID);
    const info = await upscaled(() => client.playbackInfo(0, 2));
    const playlist = await client.openStream(info);
    await client.segment(playlist, 0);
    const killed = await gateway.gatewayProcess();
    process.kill(killed, "SIGKILL");
    await eventually("it is gone", () => !isAlive(killed));
    const [bytes] = await Promise.all([
      client.segment(playlist, 3),
      client.progress(info, 2),
      client.openItemPage(),
    ]);
    expect(bytes.length).toBeGreaterThan(1000);
    await client.stop(info, 6);
    expect(gateway.logLines.join("\n")).toContain("restarting it");
  });

  it("a thousand downloads and a websocket outlive the worker of an upscale that begins again", async () => {
    const long = join(folder.path, "long.mkv");
    const film = join(folder.path, "film.mkv");
    await runFfmpeg(["-stream_loop", "19", "-i", film, "-map", "0:v", "-c", "copy", long]);
    const socket = new WebSocket(`${server}/socket?ApiKey=${jellyfin.apiKey}`);
    await new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }));
    const { id } = await gateway.trigger(long);
    await gateway.waitFor(id, ({ state, segments_ready: made }) => state === "running" && made > 0);
    const stopped = gateway.waitFor(id, ({ state }) => state !== "running");
    const ranges = Array.from({ length: 1000 }, async (_, k) => {
      const response = await fetch(`${server}/Videos/${ID}/stream?static=true`, {
        headers: { Range: `bytes=${k}-${k + 999}` },
      });
      return [response.status, (await response.arrayBuffer()).byteLength];
    });
    const children = await childrenOf(gateway.pid);
    const busy = children.find(
      ({ pid, command }) => /worker/.test(command) && children.some(({ parent }) => parent === pid),
    );
    process.kill(busy?.pid ?? Number.NaN, "SIGKILL");
    const answers = await Promise.all(ranges);
    expect(answers.every(([status, length]) => status === 206 && length === 1000)).toBe(true);
    expect((await stopped).state).not.toBe("complete");
    const echoed = new Promise<Event>((resolve) =>
      socket.addEventListener("message", resolve, { once: true }),
    );
    socket.send("still here");
    expect(await echoed).toMatchObject({ data: "still here" });
    socket.close();
    await gateway.waitFor(id, ({ state }) => state === "running");
    await gateway.post(`/streams/${id}/cancel`);
  });

  it("whose gateway does not start again answers from Jellyfin alone, until one does", async () => {
    const [habits] = CLIENTS;
    if (habits === undefined) throw new Error("no client");
    const client = replayClient(habits, server, ID);
    const data = join(folder.path, "data");
    const away = join(folder.path, "away");
    await rename(data, away);
    await writeFile(data, "no folder");
    const killed = await gateway.gatewayProcess();
    process.kill(killed, "SIGKILL");
    await eventually("it is gone", () => !isAlive(killed));
    const [source] = (await client.playbackInfo(0, 2)).MediaSources;
    expect(source?.["SupportsDirectPlay"]).toBe(true);
    await rm(data);
    await rename(away, data);
    await eventually(
      "it is upscaled again",
      async () =>
        (await client.playbackInfo(0, 2)).MediaSources[0]?.["SupportsDirectPlay"] === false,
    );
    expect(gateway.logLines.join("\n")).toContain("clients get plain Jellyfin meanwhile");
  });
});
