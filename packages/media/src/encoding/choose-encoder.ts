import { VIDEO_ENCODERS, UpreelError, type Profile, type VideoEncoder } from "@upreel/core";
import { execa } from "execa";
import { encoderSettings } from "./encoder-settings.ts";

export interface EncoderChoice {
  readonly encoder: VideoEncoder;
  /** What the user should know, one sentence each. */
  readonly warnings: readonly string[];
}

/** Hardware first; each has to prove itself. */
const AUTO_ORDER = ["h264_nvenc", "h264_qsv", "h264_vaapi"] as const;
const FALLBACK: VideoEncoder = "libx264";
/** Hardware encoders refuse very small pictures. */
const TRIAL_SIZE = { width: 640, height: 360 };
const TRIAL_TIMEOUT_MS = 15_000;
const HEVC_WARNING = "HEVC in TS is not for Apple or Chrome: use an H.264 encoder for those";

/**
 * The encoder that works on this machine: the wanted one, or with `auto` the first that encodes a
 * picture with the very arguments of a run; else libx264, with a warning that says why.
 * Throws `encoder_unavailable` when not even libx264 works, `ffmpeg_missing` without ffmpeg.
 */
export async function chooseEncoder(
  wanted: Profile["encoder"],
  tools: { ffmpeg: string },
  signal: AbortSignal,
): Promise<EncoderChoice> {
  const listed = await listEncoders(tools.ffmpeg, signal);
  if (wanted !== "auto") {
    const failure = await tryEncoder(wanted, listed, tools.ffmpeg, signal);
    if (failure === undefined) {
      return { encoder: wanted, warnings: isHevc(wanted) ? [HEVC_WARNING] : [] };
    }
    if (wanted === FALLBACK) throw unavailable(failure);
    await requireFallback(listed, tools.ffmpeg, signal);
    return {
      encoder: FALLBACK,
      warnings: [`${wanted} does not work here (${failure}): using ${FALLBACK}`],
    };
  }
  const failures: string[] = [];
  for (const encoder of AUTO_ORDER) {
    const failure = await tryEncoder(encoder, listed, tools.ffmpeg, signal);
    if (failure === undefined) return { encoder, warnings: [] };
    failures.push(`${encoder}: ${failure}`);
  }
  await requireFallback(listed, tools.ffmpeg, signal);
  const warning = `no hardware encoder works here, using ${FALLBACK} (${failures.join("; ")})`;
  return { encoder: FALLBACK, warnings: [warning] };
}

const isHevc = (encoder: VideoEncoder): boolean =>
  encoder === "libx265" || encoder === "hevc_nvenc";

const unavailable = (failure: string): UpreelError =>
  new UpreelError("encoder_unavailable", `ffmpeg cannot encode with ${FALLBACK}`, {
    expected: `an ffmpeg with ${FALLBACK}`,
    got: failure,
  });

async function requireFallback(
  listed: ReadonlySet<string>,
  ffmpeg: string,
  signal: AbortSignal,
): Promise<void> {
  const failure = await tryEncoder(FALLBACK, listed, ffmpeg, signal);
  if (failure !== undefined) throw unavailable(failure);
}

async function listEncoders(ffmpeg: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const result = await execa(ffmpeg, ["-hide_banner", "-encoders"], {
    cancelSignal: signal,
    timeout: TRIAL_TIMEOUT_MS,
    stdin: "ignore",
    reject: false,
  });
  signal.throwIfAborted();
  if (result.failed) {
    throw new UpreelError("ffmpeg_missing", `cannot run ${ffmpeg}`, {
      expected: "a working ffmpeg",
      got: result.shortMessage,
      cause: result,
    });
  }
  const names = result.stdout.matchAll(/^\s*V\S{5}\s+(\S+)/gm);
  const ours: ReadonlySet<string> = new Set(VIDEO_ENCODERS);
  return new Set([...names].map((match) => match[1] ?? "").filter((name) => ours.has(name)));
}

/** Encodes one picture as a run would. Returns why that failed, undefined when it worked. */
async function tryEncoder(
  encoder: VideoEncoder,
  listed: ReadonlySet<string>,
  ffmpeg: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!listed.has(encoder)) return "this ffmpeg was built without it";
  const wish = {
    encoder,
    quality: 23,
    size: TRIAL_SIZE,
    maxRate: 2_000_000,
    level: "3.0",
  } as const;
  const settings = encoderSettings(wish);
  const args = [
    ...["-nostdin", "-hide_banner", "-loglevel", "error", ...settings.before],
    ...["-f", "lavfi", "-i", `color=c=gray:s=${TRIAL_SIZE.width}x${TRIAL_SIZE.height}:r=25`],
    ...["-frames:v", "1"],
    ...["-vf", settings.filters.join(","), "-c:v", encoder, ...settings.options],
    ...["-g", "50", "-f", "null", "-"],
  ];
  const result = await execa(ffmpeg, args, {
    cancelSignal: signal,
    timeout: TRIAL_TIMEOUT_MS,
    forceKillAfterDelay: 100,
    stdin: "ignore",
    reject: false,
  });
  signal.throwIfAborted();
  if (!result.failed) return undefined;
  if (result.timedOut) return `no picture within ${TRIAL_TIMEOUT_MS / 1000} s`;
  return firstComplaint(result.stderr) ?? result.shortMessage;
}

/** The first line names the cause; those after it only say that encoding failed. */
const firstComplaint = (stderr: string): string | undefined =>
  stderr
    .split("\n")
    .map((line) => line.replace(/^\[[^\]]*\]\s*/, "").trim())
    .find((line) => line !== "");
