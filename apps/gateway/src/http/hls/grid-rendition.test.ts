import { chmod, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StreamRecord } from "@upreel/core";
import { makeRecord, makeTempFolder, makeTimeline } from "@upreel/testkit";
import { expect, test } from "vitest";
import { directFiles } from "@upreel/sources";
import { startTestApp } from "../../testing/start-app.ts";
import { NULL_PACKET } from "../../waiting/keep-alive.ts";

const SOUND = { codec: "ac3", channels: 2, sampleRate: 48_000, isDefault: false };
const RECORD = {
  ...makeRecord(),
  timeline: makeTimeline(50),
  source: {
    ...{ path: "/films/film.mkv", sizeBytes: 1, modifiedMs: 1 },
    format: "matroska",
    video: {
      ...{ index: 0, codec: "h264", pixelFormat: "yuv420p", bitDepth: 8, width: 64, height: 36 },
      ...{ sampleAspect: { num: 1, den: 1 }, rotation: 0, isInterlaced: false },
      colour: {},
    },
    audio: [{ index: 1, ...SOUND }],
    subtitles: [],
    chapters: [],
  },
  output: {
    ...{ inputWidth: 64, inputHeight: 36, width: 128, height: 72, encoder: "libx264" },
    ...{ quality: 20, colour: {}, audio: { kind: "none" } },
  },
} satisfies StreamRecord;

/** Fails until the file `works` is there; then writes one packet into each file of a batch. */
const FFMPEG = `#!/bin/sh
folder="$(dirname "$0")"
test -e "$folder/works" || { echo "the disk is away" >&2; exit 1; }
for last; do :; done
echo "$last" | tr '|' '\\n' | while read -r slave; do
  case "$slave" in *]pipe:*) ;; *) head -c 188 /dev/zero > "\${slave##*]}" ;; esac
done
`;

test("sound that cannot be made now is held and tried again, never refused", async () => {
  await using folder = await makeTempFolder();
  const ffmpeg = join(folder.path, "ffmpeg");
  await writeFile(ffmpeg, FFMPEG);
  await chmod(ffmpeg, 0o755);
  await using app = await startTestApp({ FFMPEG: ffmpeg });
  const { id, source } = RECORD;
  app.streams.put({ id });
  const film = join(app.films, "film.mkv");
  await writeFile(film, "film");
  const file = await directFiles().locate(film, [app.films]);
  const record = { ...RECORD, file, source: { ...source, ...file } };
  await app.streams.records.save(record);

  const answer = await fetch(`${app.url}/hls/${id}/audio/1-stereo/000003.ts`);
  expect(answer.status).toBe(200);
  const reader = answer.body!.getReader();
  const first = await reader.read();
  expect(Buffer.from(first.value ?? []).subarray(0, 188)).toEqual(NULL_PACKET);
  await writeFile(join(folder.path, "works"), "");
  let last: Uint8Array | undefined;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    last = value;
  }
  expect(Buffer.from(last ?? []).subarray(-188)).toEqual(Buffer.alloc(188));

  const again = await fetch(`${app.url}/hls/${id}/audio/1-stereo/000003.ts`);
  expect(again.headers.get("content-length")).toBe("188");

  // Refusals come before any answer is begun, however slow this machine is.
  app.hold.silentMs = 60_000;
  // What is made stays; nothing is made of what was put in the film's place.
  const secret = join(folder.path, "secret.mkv");
  await writeFile(secret, "film");
  await rm(film);
  await symlink(secret, film);
  expect((await fetch(`${app.url}/hls/${id}/audio/1-stereo/000003.ts`)).status).toBe(200);
  const swapped = await fetch(`${app.url}/hls/${id}/audio/1-surround/000003.ts`);
  expect([swapped.status, ((await swapped.json()) as { code: string }).code]).toEqual([
    409,
    "source_changed",
  ]);
  expect(again.headers.get("cache-control")).toContain("immutable");
});

test.each([
  ["audio/1-stereo/000004.ts", "segment_not_found"],
  ["audio/0-stereo/000000.ts", "bad_request"],
  ["audio/1-loud/000000.ts", "not_found"],
  ["audio/1-loud/playlist.m3u8", "not_found"],
  ["audio/1-stereo/segment.ts", "not_found"],
  ["lower/36p/000004.ts", "segment_not_found"],
  ["lower/720p/000000.ts", "not_found"],
  ["lower/72p-lean/000004.ts", "segment_not_found"],
  ["lower/720p/playlist.m3u8", "not_found"],
  ["lower/36p/segment.ts", "not_found"],
])("%s is refused at once: %s", async (name, code) => {
  await using app = await startTestApp({}, { silentMs: 60_000 });
  const { id } = RECORD;
  app.streams.put({ id });
  await app.streams.records.save(RECORD);
  const answer = await fetch(`${app.url}/hls/${id}/${name}`);
  expect(await answer.json()).toMatchObject({ status: "error", code });
});

/** Gives as segment 2 what comes in. */
const COPYING = `#!/bin/sh
for last; do :; done
cat > "$(dirname "\${last##*]}")/000002.ts"
`;

test("the upscaled film at fewer bits is held until it is upscaled there, and made of that", async () => {
  await using folder = await makeTempFolder();
  const ffmpeg = join(folder.path, "ffmpeg");
  await writeFile(ffmpeg, COPYING);
  await chmod(ffmpeg, 0o755);
  await using app = await startTestApp({ FFMPEG: ffmpeg }, { silentMs: 60_000 });
  const { id } = RECORD;
  app.streams.put({ id, state: "idle" });
  await app.streams.records.save(RECORD);
  const url = `${app.url}/hls/${id}/lower/72p-lean/000002.ts`;
  // Who only looks has nothing made.
  expect((await fetch(url, { method: "HEAD" })).status).toBe(404);
  const held = fetch(url);
  await expect.poll(() => app.streams.asked).toMatchObject([{ segment: 2 }]);
  const upscaled = Buffer.alloc(376, 0x47);
  await app.streams.publish(id, 2, upscaled);
  expect(Buffer.from(await (await held).arrayBuffer())).toEqual(upscaled);
});

test.each(["audio/1-stereo", "lower/36p", "lower/72p-lean"])(
  "%s has the segments of the film",
  async (folder) => {
    await using app = await startTestApp();
    const { id } = RECORD;
    app.streams.put({ id });
    await app.streams.records.save(RECORD);
    const list = await (await fetch(`${app.url}/hls/${id}/${folder}/playlist.m3u8`)).text();
    expect(list.match(/^\d{6}\.ts$/gm)).toEqual([
      "000000.ts",
      "000001.ts",
      "000002.ts",
      "000003.ts",
    ]);
  },
);
