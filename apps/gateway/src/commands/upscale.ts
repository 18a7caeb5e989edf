import { createReadStream, createWriteStream } from "node:fs";
import { cp, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import {
  UpreelError,
  asProbed,
  readFilmWish,
  segmentCount,
  segmentFileName,
  type Log,
  type ProbedRecord,
} from "@upreel/core";
import { makeScratchFolder } from "@upreel/media";
import { sliceOf, vodPlaylist } from "@upreel/watcher";
import { callerFolder, loadConfig, type Config } from "../config.ts";
import { createLog } from "../logging/log.ts";
import { createNewFile, makeFolder } from "@upreel/files";
import { untilSignalled } from "../shutdown.ts";
import { keepEngines } from "../keep-engines.ts";
import { openTempFolder } from "../temp-folder.ts";
import { triggerFilm, openEngine } from "@upreel/engine";
import { createLocalJobs } from "@upreel/jobs";
import { followToEnd } from "./follow-stream.ts";
import { findNamedFilm } from "./named-film.ts";

/** `upreel upscale <in> <out.ts>`: one film, in a data folder of its own beside the output. */
export async function upscale(
  input: string,
  output: string,
  options: {
    readonly hls: string | undefined;
    /** As it was typed. */
    readonly wish: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const wish = readFilmWish(options.wish);
  const from = callerFolder();
  const target = resolve(from, output);
  const hls = options.hls === undefined ? undefined : resolve(from, options.hls);
  await requireTarget(target, output);
  const film = await findNamedFilm(input);
  if ((await realpath(target).catch(() => target)) === film.path)
    throw new UpreelError("bad_request", `the output is the film itself: ${target}`);

  const stop = untilSignalled();
  // Beside the output: the same disk, so that the finished film appears by a rename.
  const workFolder = await makeScratchFolder(dirname(target), ".upreel-");
  try {
    // Your own models, and what was measured there; where there are none, nothing is begun beside the film.
    const { modelsDir } = loadConfig();
    const config = loadConfig({
      DATA_DIR: workFolder,
      ...((await isFolder(modelsDir)) ? { MODELS_DIR: modelsDir } : {}),
      // Nobody watches: one network from the first frame to the last.
      KEEP_UP: "off",
      ...(wish.model === undefined ? {} : { MODEL: wish.model }),
    });
    const log = quietLog(config.logLevel);
    await using _temporary = await openTempFolder();
    await keepEngines(config, log);
    const jobs = createLocalJobs();
    await using engine = await openEngine(config, log, { events: NOBODY_LISTENS, jobs });
    const { streams, files, records } = engine;
    const { id } = await triggerFilm(
      { config, files, roots: [film.root], streams },
      { ...film, wish },
    );
    const archive = await followToEnd(streams, id, stop);
    if (hls !== undefined)
      await keepHls(
        asProbed(await records.read(id)),
        join(workFolder, "streams", id),
        archive,
        hls,
      );
    await moveFile(archive, target);
    console.log(target);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

/** Refuses an output that cannot be written, before the film is looked for. */
async function requireTarget(target: string, asTyped: string): Promise<void> {
  if (!target.endsWith(".ts"))
    throw new UpreelError("bad_request", "the output file must be a .ts file", {
      expected: "a name that ends in .ts; for a picture in .png, .jpg or .webp",
      got: asTyped,
    });
  if (!(await isFolder(dirname(target))))
    throw new UpreelError(
      "bad_request",
      `the folder of the output does not exist: ${dirname(target)}`,
    );
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Warnings alone; what ends the film is told once, by the command itself. */
function quietLog(level: Config["logLevel"]): Log {
  if (level === "debug") return createLog({ level, isTerminal: true, toStderr: true });
  return {
    ...createLog({ level: "warn", isTerminal: true, toStderr: true }),
    error: () => undefined,
  };
}

/** The segments as files: cut out of the archive or, where it cannot be cut, as they were kept. */
async function keepHls(
  record: ProbedRecord | undefined,
  streamFolder: string,
  archive: string,
  target: string,
): Promise<void> {
  const segments = join(target, "segments");
  await makeFolder(segments);
  if (record === undefined) throw new UpreelError("internal", "the finished stream has no record");
  const { timeline, archiveOffsets } = record;
  if (archiveOffsets === undefined)
    await cp(join(streamFolder, "segments"), segments, { recursive: true });
  else
    for (let k = 0; k < segmentCount(timeline); k += 1) {
      const { start, length } = sliceOf(archiveOffsets, k) ?? { start: 0, length: 0 };
      await pipeline(
        createReadStream(archive, { start, end: start + length - 1 }),
        createWriteStream(join(segments, segmentFileName(k))),
      );
    }
  await writeFile(join(target, "stream.m3u8"), vodPlaylist(timeline));
}

/** Renames; where the archive is on another disk, copies under a temporary name first. */
async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch {
    await using file = await createNewFile(to);
    await pipeline(createReadStream(from), file.handle.createWriteStream({ autoClose: false }));
    await file.publish();
  }
}

const NOBODY_LISTENS = { tell: (): void => undefined };
