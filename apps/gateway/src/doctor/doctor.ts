import { freeBytes } from "@upreel/files";
import { availableParallelism } from "node:os";
import { VIDEO_ENCODERS, type Finding } from "@upreel/core";
import { chooseEncoder, toolVersions } from "@upreel/media";
import type { Config } from "../config.ts";
import { makeDataFolder } from "../data-folder.ts";
import { directFiles, type MediaFiles } from "@upreel/sources";
import { openModels } from "@upreel/engine";
import { bad, good, sentence, warning } from "./findings.ts";
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
    ...roots.map((root) => checkRoot(root, files)),
  ];
  yield checkNode();
  for (const check of checks) yield await check;
  // After the others: what is timed beside them seems slow.
  yield* await checkProviders(config, signal);
  yield* await jellyfin;
  if (roots.length === 0) yield noRoots();
}

function checkNode(): Finding {
  const version = process.versions.node;
  return Number.parseInt(version, 10) >= 24
    ? good("node", `Node ${version}, ${availableParallelism()} cores`)
    : bad(
        "node",
        `Node ${version} is too old to run TypeScript`,
        "start it by `npm start`: it brings its own Node",
      );
}

async function checkTools(config: Config, signal: AbortSignal): Promise<Finding> {
  try {
    const { ffmpeg, ffprobe } = await toolVersions(config, signal);
    return good("ffmpeg", `ffmpeg ${ffmpeg.version}, ffprobe ${ffprobe.version}`);
  } catch (thrown) {
    return bad(
      "ffmpeg",
      sentence(thrown),
      "apt-get install ffmpeg, or set FFMPEG and FFPROBE to their paths",
    );
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
    const message = `working: ${working.join(", ")}`;
    if (wanted === "auto" || working.includes(wanted)) return good("encoders", message);
    return warning(
      "encoders",
      `VIDEO_ENCODER=${wanted} does not work here; ${message}`,
      "VIDEO_ENCODER=auto",
    );
  } catch (thrown) {
    return bad("encoders", sentence(thrown), "install an ffmpeg with libx264 (Debian's has it)");
  }
}

async function checkModels(config: Config, signal: AbortSignal): Promise<Finding> {
  try {
    const { catalogue, models } = await openModels(config, signal);
    const chosen = `MODEL=${config.model}`;
    const problem = await models.requireName(config.model).then(() => undefined, sentence);
    const count = (await catalogue.list()).length;
    const message = `${chosen}; ${count} models are here (upreel models lists them)`;
    return problem === undefined
      ? good("models", message)
      : bad("models", `${chosen}: ${problem}`, "MODEL=auto");
  } catch (thrown) {
    return bad("models", sentence(thrown), "install Upreel again: its files are incomplete");
  }
}

async function checkDisk({ dataDir }: Config): Promise<Finding> {
  try {
    await makeDataFolder(dataDir);
    const free = await freeBytes(dataDir);
    const message = `${(free / 1e9).toFixed(1)} GB free in ${dataDir}`;
    return free > LITTLE_SPACE_BYTES
      ? good("disk", message)
      : warning("disk", message, "upreel clean, or set DATA_DIR to a larger disk");
  } catch (thrown) {
    return bad("disk", sentence(thrown), "set DATA_DIR to a folder that this user may write to");
  }
}

async function checkRoot(root: string, files: MediaFiles): Promise<Finding> {
  try {
    const { entries } = await files.list(root, [root]);
    return good("media", `${root} can be read (${entries.length} films and folders)`);
  } catch (thrown) {
    return bad(
      "media",
      `cannot read ${root}: ${sentence(thrown)}`,
      "check MEDIA_ROOTS and the folder's permissions",
    );
  }
}

const noRoots = (): Finding =>
  warning(
    "media",
    "no film folder is set (MEDIA_ROOTS): films can only be started from the command line",
    "MEDIA_ROOTS=/path/to/films npm start",
  );
