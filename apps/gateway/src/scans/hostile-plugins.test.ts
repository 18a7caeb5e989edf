import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { scansAnswerSchema } from "@upreel/core";
import { eventually } from "@upreel/testkit";
import { expect, it } from "vitest";
import {
  CROWD,
  endless,
  whenAsked,
} from "../../../../packages/scan/src/testing/hostile-scripts.ts";
import { writePlugin } from "../../../../packages/scan/src/testing/write-plugin.ts";
import { startTestApp } from "../testing/start-app.ts";

const PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2.0,\nsegments/000000.ts\n";
/** Forty seconds of 16 × 16 pixels, which need no encoder. */
const FRAME = Buffer.concat([Buffer.from("FRAME\n"), Buffer.alloc(384, 128)]);
const FILM = Buffer.concat([
  Buffer.from("YUV4MPEG2 W16 H16 F1:1 C420\n"),
  ...Array.from({ length: 40 }, () => FRAME),
]);

/** What each does, and how that is told; looked at in this order. */
const HOSTILE: Readonly<Record<string, readonly [script: string, reason: RegExp]>> = {
  "a-dies": ["process.exit(3)", /exit code 3/],
  "b-crashes": [whenAsked("process.abort();"), /exit code 134|SIGABRT/],
  "c-floods": [whenAsked(endless('"y\\n".repeat(1 << 16)')), /wrote more than/],
  "d-line-without-end": [whenAsked(endless('"y".repeat(1 << 16)')), /a line of more than/],
  "e-crowd": [CROWD, /more than 256 processes/],
  "f-lies": [whenAsked('answer(id, found([{ fileId: "other" }]));'), /a file not asked for/],
  "g-shapeless": [whenAsked("answer(id, [[[7]]]);"), /another shape/],
  "h-wrong-id": [whenAsked("answer(id + 1000, {}); process.exit(4);"), /exit code 4/],
};

it("ten hostile plugins leave the gateway and who watches untouched, and write nothing outside", async () => {
  await using app = await startTestApp();
  const path = join(app.films, "film.mkv");
  await writeFile(path, FILM);
  const plugins = join(app.dataDir, "plugins");
  for (const [id, [script]] of Object.entries(HOSTILE)) await writePlugin(plugins, id, script);
  const outside = [join(app.films, "outside"), join(app.dataDir, "outside")];
  await writePlugin(
    plugins,
    "i-writes-outside",
    `const { writeFileSync } = await import("node:fs");
     for (const path of ${JSON.stringify([...outside, path])}) try { writeFileSync(path, "mine"); } catch {}
     begin()`,
  );
  await writePlugin(plugins, "j-good", "begin()");
  await writePlugin(plugins, "k-hangs", whenAsked("for (;;);"));
  const switchOff = { method: "PUT", body: '{"is_enabled": false}' };
  for (const id of ["intro-credits", "film-facts"])
    await fetch(`${app.url}/plugins/${id}`, switchOff);

  app.streams.put({ id: "one", state: "complete", segmentsReady: 1 });
  await app.streams.writeStreamFile("one", "live.m3u8", PLAYLIST);
  const watched: unknown[] = [];
  await fetch(`${app.url}/scans`, { method: "POST", body: JSON.stringify({ path }) });
  const { tasks, sandbox } = await eventually("the last plugin", async () => {
    const playlist = await fetch(`${app.url}/hls/one/live.m3u8`);
    watched.push([playlist.status, await playlist.text()]);
    const scans = await fetch(`${app.url}/scans`);
    const { plugins: now, ...rest } = scansAnswerSchema.parse(await scans.json());
    const isAtLast = now.some(({ id, state }) => id === "k-hangs" && state === "running");
    return isAtLast && { sandbox: rest.sandbox, tasks: rest.jobs[0]?.tasks ?? [] };
  });
  for (const [id, [, reason]] of Object.entries(HOSTILE))
    expect(tasks.find(({ plugin }) => plugin === id)).toMatchObject({
      ...{ state: "failed", chapters: 0, reason: expect.stringMatching(reason) },
    });
  expect(tasks.slice(-2)).toMatchObject([
    { plugin: "j-good", state: "done", chapters: 1, reason: null },
    { plugin: "k-hangs", state: "running" },
  ]);
  if (sandbox === "bubblewrap") {
    expect(outside.filter((each) => existsSync(each))).toEqual([]);
    expect(await readFile(path)).toEqual(FILM);
  }
  expect(new Set(watched.map(String))).toEqual(new Set([`200,${PLAYLIST}`]));
  expect(app.errors).toEqual([]);
});
