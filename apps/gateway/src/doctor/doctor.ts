import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdir, readdir, statfs } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { VIDEO_ENCODERS, type VideoEncoder } from "@upreel/core";
import type { Config } from "../config.ts";
import { listModels } from "../models.ts";
import type { Finding } from "./findings.ts";

const run = promisify(execFile);
const TRIAL_MS = 15_000;
const LITTLE_SPACE_BYTES = 5e9;

/** Looks at everything that Upreel needs on this machine; takes seconds. Never throws. */
export async function runDoctor(
  config: Config,
  roots: readonly string[],
): Promise<readonly Finding[]> {
  const checked = await Promise.all([
    checkProgram("ffmpeg", config.ffmpeg),
    checkProgram("ffprobe", config.ffprobe),
    checkEncoders(config),
    checkModels(config),
    checkProviders(),
    checkDisk(config),
    ...roots.map(checkRoot),
  ]);
  return [checkNode(), ...checked, ...(roots.length === 0 ? [noRoots()] : [])];
}

function checkNode(): Finding {
  const version = process.versions.node;
  const cores = availableParallelism();
  return Number.parseInt(version, 10) >= 24
    ? { what: "node", verdict: "good", message: `Node ${version}, ${cores} cores` }
    : {
        what: "node",
        verdict: "bad",
        message: `Node ${version} is too old to run TypeScript`,
        mend: "start it by `npm start`: it brings its own Node",
      };
}

async function checkProgram(name: string, program: string): Promise<Finding> {
  try {
    const { stdout } = await run(program, ["-version"], { timeout: TRIAL_MS });
    return {
      what: name,
      verdict: "good",
      message: stdout.split("\n")[0]?.split(" Copyright")[0] ?? "",
    };
  } catch (thrown) {
    return {
      what: name,
      verdict: "bad",
      message: `${program} does not run: ${reasonOf(thrown)}`,
      mend: `apt-get install ffmpeg, or set ${name.toUpperCase()}=/path/to/${name}`,
    };
  }
}

async function checkEncoders(config: Config): Promise<Finding> {
  const tried = await Promise.all(
    VIDEO_ENCODERS.map(async (encoder) => ({
      encoder,
      works: await encodesOneFrame(config.ffmpeg, encoder),
    })),
  );
  const working = tried.filter(({ works }) => works).map(({ encoder }) => encoder);
  const wanted = config.videoEncoder;
  if (working.length === 0)
    return {
      what: "encoders",
      verdict: "bad",
      message: "ffmpeg can encode no H.264 and no HEVC",
      mend: "install an ffmpeg with libx264 (Debian's has it)",
    };
  if (wanted !== "auto" && !working.includes(wanted))
    return {
      what: "encoders",
      verdict: "warning",
      message: `VIDEO_ENCODER=${wanted} does not work here; these do: ${working.join(", ")}`,
      mend: "VIDEO_ENCODER=auto",
    };
  return { what: "encoders", verdict: "good", message: `these work: ${working.join(", ")}` };
}

/** The build listing an encoder proves nothing: a GPU may be missing. */
async function encodesOneFrame(ffmpeg: string, encoder: VideoEncoder): Promise<boolean> {
  const device = encoder.endsWith("_vaapi") ? ["-vaapi_device", "/dev/dri/renderD128"] : [];
  const upload = encoder.endsWith("_vaapi") ? ["-vf", "format=nv12,hwupload"] : [];
  const input = ["-f", "lavfi", "-i", "color=black:size=640x360:rate=1"];
  const output = ["-frames:v", "1", "-c:v", encoder, "-f", "null", "-"];
  try {
    await run(ffmpeg, ["-v", "error", "-nostdin", ...device, ...input, ...upload, ...output], {
      timeout: TRIAL_MS,
    });
    return true;
  } catch {
    return false;
  }
}

async function checkModels(config: Config): Promise<Finding> {
  const ids = (await listModels(config)).map(({ id }) => id);
  return ids.includes(config.model)
    ? {
        what: "models",
        verdict: "good",
        message: `MODEL=${config.model}; known: ${ids.join(", ")}`,
      }
    : {
        what: "models",
        verdict: "bad",
        message: `MODEL=${config.model} is not known; known: ${ids.join(", ")}`,
        mend: "MODEL=auto",
      };
}

async function checkProviders(): Promise<Finding> {
  const mend = "npm ci";
  try {
    await access(
      new URL("../../../../node_modules/onnxruntime-node/package.json", import.meta.url),
    );
    return {
      what: "providers",
      verdict: "good",
      message: "ONNX Runtime is installed; cpu works everywhere",
    };
  } catch {
    return { what: "providers", verdict: "bad", message: "ONNX Runtime is not installed", mend };
  }
}

async function checkDisk(config: Config): Promise<Finding> {
  try {
    await mkdir(config.dataDir, { recursive: true });
    await access(config.dataDir, constants.R_OK | constants.W_OK);
    const { bavail, bsize } = await statfs(config.dataDir);
    const free = bavail * bsize;
    const message = `${(free / 1e9).toFixed(1)} GB free in ${config.dataDir}`;
    return free > LITTLE_SPACE_BYTES
      ? { what: "disk", verdict: "good", message }
      : {
          what: "disk",
          verdict: "warning",
          message,
          mend: "upreel clean, or set DATA_DIR to a larger disk",
        };
  } catch (thrown) {
    return {
      what: "disk",
      verdict: "bad",
      message: `cannot write to ${config.dataDir}: ${reasonOf(thrown)}`,
      mend: "set DATA_DIR to a folder that this user may write to",
    };
  }
}

async function checkRoot(root: string): Promise<Finding> {
  try {
    const entries = await readdir(root);
    return {
      what: "media",
      verdict: "good",
      message: `${root} is readable (${entries.length} entries)`,
    };
  } catch (thrown) {
    return {
      what: "media",
      verdict: "bad",
      message: `cannot read ${root}: ${reasonOf(thrown)}`,
      mend: "check MEDIA_ROOTS and the folder's permissions",
    };
  }
}

const noRoots = (): Finding => ({
  what: "media",
  verdict: "warning",
  message: "MEDIA_ROOTS is not set: films can only be started from the command line",
  mend: "MEDIA_ROOTS=/path/to/films npm start",
});

const reasonOf = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message : String(thrown)).split("\n")[0] ?? "";
