import { execa } from "execa";
import { ffprobeColoursSchema, parseSeconds, type FfprobeColours } from "../ffmpeg/ffprobe-json.ts";
import { lowerPriority, patientMs } from "../ffmpeg/lower-priority.ts";
import { mediaCommand } from "../ffmpeg/media-command.ts";

/** The colours of one picture that can be decoded by itself, as it says. */
export interface SeenColours extends FfprobeColours {
  /** When it is shown, on the clock of what was opened. */
  readonly micros: number;
}

export interface ColoursRequest {
  /** An input of ffprobe, up to its URL. */
  readonly input: readonly string[];
  readonly track: number;
  /** As ffprobe's `-read_intervals` has them; undefined: all of it. */
  readonly intervals: string | undefined;
}

const LONGEST_MS = 20_000;
/** Lines of JSON about so many pictures. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Decodes key frames alone; what cannot be read is left out. Rejects with the abort reason. */
export async function readColours(
  { input, track, intervals }: ColoursRequest,
  tools: { readonly ffprobe: string; readonly niceness?: number | undefined },
  signal: AbortSignal,
): Promise<SeenColours[]> {
  const longestMs = patientMs(LONGEST_MS, tools.niceness);
  const running = execa(
    ...mediaCommand(tools.ffprobe, [
      ...["-v", "error", "-of", "json", "-skip_frame", "nokey"],
      ...["-select_streams", String(track), "-show_frames"],
      ...(intervals === undefined ? [] : ["-read_intervals", intervals]),
      ...input,
    ]),
    {
      cancelSignal: AbortSignal.any([signal, AbortSignal.timeout(longestMs)]),
      ...({
        killSignal: "SIGKILL",
        stdin: "ignore",
        reject: false,
        maxBuffer: MOST_BYTES,
      } as const),
    },
  );
  lowerPriority(running.pid, tools.niceness);
  const result = await running;
  signal.throwIfAborted();
  const parsed = result.failed
    ? undefined
    : ffprobeColoursSchema.safeParse(parseJson(result.stdout));
  const frames = parsed?.success === true ? parsed.data.frames : [];
  return frames
    .flatMap((frame) => {
      const seconds = parseSeconds(frame.best_effort_timestamp_time ?? frame.pts_time);
      return seconds === undefined ? [] : [{ ...frame, micros: Math.round(seconds * 1e6) }];
    })
    .sort((a, b) => a.micros - b.micros);
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
