import { freeBytes } from "@upreel/files";
import { availableParallelism } from "node:os";
import { VIDEO_ENCODERS, type Finding } from "@upreel/core";
import { chooseEncoder, toolVersions } from "@upreel/media";
import type { Config } from "../config.ts";
import { makeDataFolder } from "../data-folder.ts";
import { directFiles, type MediaFiles } from "@upreel/sources";
import { examineToneMapper, openFaceModels, openModels } from "@upreel/engine";
import { createLocalJobs, examineServer } from "@upreel/jobs";
import { bad, good, note, sentence, warning } from "./findings.ts";
import { checkJellyfin } from "./jellyfin.ts";
import { checkProviders } from "./providers.ts";

const TRIALS_MS = 60_000;
const LITTLE_SPACE_BYTES = 5e9;

/**
 * Looks at everything that Upreel needs on this machine; takes seconds. Each finding comes when it is
 * made, always in the same order. Never throws.
 */
export async function* examine(
  config: Config,
  roots: readonly string[],
  files = directFiles(),
): AsyncGenerator<Finding, void, undefined> {
  const signal = AbortSignal.timeout(TRIALS_MS);
  const jellyfin = checkJellyfin(config, roots, files, signal);
  const checks = [
    checkTools(config, signal),
    checkEncoders(config, signal),
    checkModels(config, signal),
    checkDisk(config),
    ...(config.farmUrl === undefined ? [] : [checkServer(config.farmUrl)]),
    ...roots.map((root) => checkRoot(root, files)),
  ];
  yield checkNode();
  for (const check of checks) yield await check;
  // After the others: what is timed beside them seems slow.
  yield* await checkProviders(config, signal);
  if (config.faces.isOn) yield await checkFaces(config, signal);
  yield await checkToneMapper(config, signal);
  yield* await jellyfin;
  if (roots.length === 0) yield warning("media", "films_none");
}

/** The same of what a worker needs that makes segments for another computer: neither films nor Jellyfin. */
export async function* examineWorker(
  config: Config,
  sharedFolders: readonly string[],
): AsyncGenerator<Finding, void, undefined> {
  const signal = AbortSignal.timeout(TRIALS_MS);
  yield checkNode();
  for (const check of [checkTools, checkEncoders]) yield await check(config, signal);
  yield await checkDisk(config);
  yield* await checkSharedFolders(sharedFolders);
}

/** Each is looked at beside the others: a share that is away keeps whoever looks waiting. Nothing needs them. */
export const checkSharedFolders = (
  folders: readonly string[],
  files: Pick<MediaFiles, "list"> = directFiles(),
): Promise<readonly Finding[]> =>
  Promise.all(
    folders.map(async (folder) => {
      const seen = await checkRoot(folder, files);
      if (seen.verdict === "good") return seen;
      return warning("media", "share_unreadable", { folder });
    }),
  );

function checkNode(): Finding {
  const version = process.versions.node;
  return Number.parseInt(version, 10) >= 24
    ? good("node", "node_works", { version, cores: availableParallelism() })
    : bad("node", "node_old", { version });
}

async function checkTools(config: Config, signal: AbortSignal): Promise<Finding> {
  try {
    const { ffmpeg, ffprobe } = await toolVersions(config, signal);
    const versions = { ffmpeg: ffmpeg.version, ffprobe: ffprobe.version };
    return good("ffmpeg", "ffmpeg_works", versions);
  } catch (thrown) {
    return bad("ffmpeg", "ffmpeg_missing", { reason: sentence(thrown) });
  }
}

async function checkEncoders(config: Config, signal: AbortSignal): Promise<Finding> {
  const wanted = config.videoEncoder;
  try {
    const working: string[] = [];
    // one after the other: a GPU may refuse several sessions at once
    for (const encoder of VIDEO_ENCODERS) {
      const chosen = await chooseEncoder(encoder, config, signal);
      if (chosen.encoder === encoder) working.push(encoder);
    }
    const encoders = working.join(", ");
    if (wanted === "auto" || working.includes(wanted))
      return good("encoders", "encoders_work", { encoders });
    return warning("encoders", "encoder_wanted", { wanted, encoders });
  } catch (thrown) {
    return bad("encoders", "encoders_missing", { reason: sentence(thrown) });
  }
}

async function checkToneMapper(config: Config, signal: AbortSignal): Promise<Finding> {
  try {
    const { device, why: reason } = await examineToneMapper(config, signal);
    return good("hdr", device === undefined ? "hdr_on_processor" : "hdr_on_gpu", { reason });
  } catch (thrown) {
    return note("hdr", "hdr_on_processor", { reason: sentence(thrown) });
  }
}

async function checkModels(config: Config, signal: AbortSignal): Promise<Finding> {
  const { model } = config;
  try {
    const { catalogue, models } = await openModels(config, { signal, jobs: createLocalJobs() });
    const reason = await models.requireName(model).then(() => undefined, sentence);
    if (reason !== undefined) return bad("models", "model_wanted", { model, reason });
    return good("models", "models_work", { model, count: (await catalogue.list()).length });
  } catch (thrown) {
    return bad("models", "models_broken", { reason: sentence(thrown) });
  }
}

async function checkFaces(config: Config, signal: AbortSignal): Promise<Finding> {
  const log = { info: () => undefined, warn: () => undefined };
  try {
    const { work, trial } = await openFaceModels({ settings: config, log, signal }).ready();
    const seconds = Number(trial.restoreSeconds.toPrecision(2));
    const values = { model: work.restorer.id, provider: trial.provider, seconds };
    return good("faces", "faces_work", values);
  } catch (thrown) {
    return bad("faces", "faces_missing", { reason: sentence(thrown) });
  }
}

async function checkDisk({ dataDir }: Config): Promise<Finding> {
  try {
    await makeDataFolder(dataDir);
    const free = await freeBytes(dataDir);
    const values = { free: Math.round(free / 1e8) / 10, folder: dataDir };
    return free > LITTLE_SPACE_BYTES
      ? good("disk", "disk_free", values)
      : warning("disk", "disk_small", values);
  } catch (thrown) {
    return bad("disk", "disk_broken", { reason: sentence(thrown) });
  }
}

const SERVER_MS = 3_000;
/** Of Redis, whose versions Valkey tells, too. */
const SERVER_VERSION = 7;

async function checkServer(url: string): Promise<Finding> {
  try {
    const { version, policy } = await examineServer(url, SERVER_MS);
    if (Number.parseInt(version, 10) < SERVER_VERSION)
      return bad("server", "server_old", { version });
    return policy === undefined || policy === "noeviction"
      ? good("server", "server_works", { version })
      : warning("server", "server_forgets", { policy });
  } catch (thrown) {
    return bad("server", "server_away", { reason: sentence(thrown) });
  }
}

async function checkRoot(folder: string, files: Pick<MediaFiles, "list">): Promise<Finding> {
  try {
    const { entries } = await files.list(folder, [folder]);
    return good("media", "films_readable", { folder, count: entries.length });
  } catch (thrown) {
    return bad("media", "films_unreadable", { folder, reason: sentence(thrown) });
  }
}
