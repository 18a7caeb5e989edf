import { mkdir, readFile, stat } from "node:fs/promises";
import { cpus } from "node:os";
import { basename } from "node:path";
import type { Chapter, CachedFingerprint, ScanFile } from "@upreel/plugin-sdk";
import { makeTempFolder } from "@upreel/testkit";
import { scanSeason } from "../../../packages/intro-credits/src/scan.ts";
import { episodePath, planSeason, type Episode } from "./episodes.ts";
import { makeSeason } from "./make-season.ts";

const RIGHT_SECONDS = 1;
const QUIET = { log: (_level: string, text: string) => console.error(text) };

/**
 * Makes a season of the sounds of the clips in `media`, in which every intro and all credits are known, lets the built-in plugin look at it twice, and
 * prints what it found, how far off, and what that took. `keep`: a folder for the episodes, which are taken as they are the next time.
 */
export async function benchSeason(media: string, keep: string | undefined): Promise<void> {
  await using temp = await makeTempFolder();
  const folder = keep ?? temp.path;
  await mkdir(folder, { recursive: true });
  const episodes = planSeason();
  const paths = await madeBefore(folder, episodes);
  if (paths.length < episodes.length) {
    paths.length = 0;
    for await (const path of makeSeason(folder, media, episodes)) paths.push(path);
  }
  const files = episodes.map(({ seconds, speed }, n): ScanFile => {
    const path = paths[n] as string;
    const id = basename(path);
    return { fileId: id, itemId: id, path, duration: seconds / speed, cachedFingerprints: [] };
  });
  const first = await timed(() => scanSeason(files, "ffmpeg", QUIET));
  const fingerprints = first.result.fingerprints ?? [];
  const known = files.map((file) => ({
    ...file,
    cachedFingerprints: fingerprints.filter(
      ({ fileId }) => fileId === file.fileId,
    ) as CachedFingerprint[],
  }));
  const second = await timed(() => scanSeason(known, "ffmpeg", QUIET));
  printFound(episodes, files, first.result.chapters ?? []);
  const figures = [first, second].map(
    ({ cpuSeconds, seconds }) => `${cpuSeconds.toFixed(1)} s of a core, ${seconds.toFixed(1)} s`,
  );
  console.log(`\nfirst time: ${figures[0]}; from the cache: ${figures[1]} (${cpus()[0]?.model})`);
}

async function madeBefore(folder: string, episodes: readonly Episode[]): Promise<string[]> {
  const paths = episodes.map((episode) => episodePath(folder, episode));
  const isThere = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
  return paths.filter((_, n) => isThere[n] !== undefined);
}

function printFound(
  episodes: readonly Episode[],
  files: readonly ScanFile[],
  chapters: readonly Chapter[],
): void {
  console.log("| episode | intro | found | credits | found |");
  console.log("| ---: | --- | --- | --- | --- |");
  const counts = { intro: { right: 0, ends: 0, all: 0 }, credits: { right: 0, ends: 0, all: 0 } };
  let wrong = 0;
  for (const [n, episode] of episodes.entries()) {
    const cells = (["intro", "credits"] as const).flatMap((role) => {
      const truth = episode[role];
      const [start, end] = [truth?.start, truth?.end].map((at) => at && at / episode.speed);
      const found = chapters.filter(
        (each) => each.fileId === files[n]?.fileId && each.role === role,
      );
      if (start === undefined || end === undefined) {
        wrong += found.length;
        return ["none", found.length === 0 ? "none" : "WRONG"];
      }
      counts[role].all++;
      const [one] = found;
      const off = one && [one.startTime - start, one.endTime - end];
      const isNear = off?.map((each) => Math.abs(each) <= RIGHT_SECONDS);
      if (isNear?.[1] === true) counts[role].ends++;
      if (isNear?.every(Boolean) === true) counts[role].right++;
      const text = off?.map((each) => `${each < 0 ? "−" : "+"}${Math.abs(each).toFixed(2)}`);
      const mark = isNear === undefined ? "MISSED" : isNear[1] === true ? "" : " OFF";
      return [`${start.toFixed(1)}–${end.toFixed(1)}`, `${text?.join(" ") ?? ""}${mark}`];
    });
    console.log(`| ${episode.number} | ${cells.join(" | ")} |`);
  }
  for (const [role, { right, ends, all }] of Object.entries(counts))
    console.log(`${role}: ${ends} of ${all} ends right to ${RIGHT_SECONDS} s, ${right} both`);
  console.log(`${wrong} where there is none`);
}

/** Of this process and of what it started and has ended. */
async function cpuSeconds(): Promise<number> {
  const fields = (await readFile("/proc/self/stat", "utf8")).replace(/^.*\) /s, "").split(" ");
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

async function timed<T>(work: () => Promise<T>) {
  const [fromMs, fromCpu] = [performance.now(), await cpuSeconds()];
  const result = await work();
  return {
    result,
    seconds: (performance.now() - fromMs) / 1_000,
    cpuSeconds: (await cpuSeconds()) - fromCpu,
  };
}
