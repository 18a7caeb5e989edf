import { posix } from "node:path";
import { UpreelError, type FilmWish } from "@upreel/core";
import { z } from "zod";
import { titleOf, toFilePath } from "../http/api/trigger-body.ts";

/** Names a job or an upload; part of URLs, and of a folder's name. */
export const jobNameSchema = z.string().regex(/^[A-Za-z0-9][\w-]{0,63}$/);

/** What a caller wants made. */
export interface TranscodeOrder {
  readonly jobId: string;
  /** `upload`: its bytes came, or are still to come, through this door. */
  readonly input:
    | { readonly kind: "file"; readonly path: string }
    | { readonly kind: "upload"; readonly name: string; readonly isToCome: boolean };
  readonly title: string;
  readonly fromSeconds: number;
  /** Undefined: to the end of the film. */
  readonly durationSeconds: number | undefined;
  readonly wish: FilmWish;
  /** 1 to 10; the highest is made first. */
  readonly priority: number;
  readonly timeoutMs: number;
}

const MOST_SECONDS = 1_000_000;
/** Also as ffmpeg writes it: a caller that hands on `-ss 00:10:00.000` means ten minutes. */
const secondsSchema = z
  .union([
    z.number(),
    z.string().regex(/^\d+(\.\d+)?$/),
    z.string().regex(/^(\d+:)?[0-5]?\d:[0-5]?\d(\.\d+)?$/),
  ])
  .transform((given) =>
    String(given)
      .split(":")
      .reduce((sum, part) => 60 * sum + Number(part), 0),
  )
  .pipe(z.number().min(0).max(MOST_SECONDS));
const name = z.string().min(1).max(4_096);
/** Callers send null for what they do not mean. */
const maybe = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((given) => given ?? undefined);

/** What counts here of the job of the older contract; all else is for encoders and players that Upreel brings itself. */
const bodySchema = z.object({
  job_id: jobNameSchema,
  input: z
    .object({
      type: z.enum(["file", "http", "stream"]).default("file"),
      path: maybe(name),
      url: maybe(name),
    })
    .prefault({}),
  output: z
    .object({ type: z.enum(["hls", "dash", "file", "stream", "unknown"]).default("hls") })
    .prefault({}),
  arguments: z
    .object({
      video_codec: maybe(z.string()),
      resolution: maybe(z.string()),
      quality: maybe(z.int().min(1).max(51)),
      seek: maybe(secondsSchema),
      duration: maybe(secondsSchema),
      subtitle: maybe(z.object({ mode: maybe(z.enum(["burn", "copy", "none"])) })),
    })
    .prefault({}),
  priority: z.int().min(1).max(10).default(5),
  /** Seconds. */
  timeout: z.number().min(1).max(604_800).default(3_600),
  metadata: maybe(z.object({ media_title: maybe(z.string().max(500)) })),
  beam_stream: z.boolean().default(false),
  pull_url: maybe(z.string()),
  staged_input: maybe(jobNameSchema),
});
type Body = z.infer<typeof bodySchema>;

/**
 * Reads the body of `POST /transcode`. `hasUpload`: whether bytes came for this job before. Throws `bad_request`,
 * which also says what Upreel does not do.
 */
export function readOrder(body: unknown, hasUpload: (jobId: string) => boolean): TranscodeOrder {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UpreelError("bad_request", "this is no job", {
      expected:
        '{"job_id": "20260222_101500_42", "input": {"type": "file", "path": "/films/…"}, …}',
      got:
        issue === undefined || issue.path.length === 0
          ? "no object of JSON, which Content-Type: application/json tells"
          : `${issue.path.join(".")}: ${issue.message}`,
    });
  }
  const job = parsed.data;
  refuseWhatIsNotDone(job);
  const { seek, duration, resolution, quality } = job.arguments;
  const input = inputOf(job, hasUpload);
  const told = job.metadata?.media_title?.trim() ?? "";
  const ofInput = input.kind === "file" ? titleOf(input.path) : job.job_id;
  // As callers guess it from file names it may be anything.
  const [, lines] = /^\d{2,5}x(\d{3,4})$/.exec(resolution ?? "") ?? [];
  return {
    ...{ jobId: job.job_id, input, title: told === "" ? ofInput : told },
    ...{ fromSeconds: seek ?? 0, durationSeconds: duration },
    wish: {
      ...(lines === undefined ? {} : { target_height: Math.max(144, Number(lines)) }),
      ...(quality === undefined ? {} : { quality }),
    },
    ...{ priority: job.priority, timeoutMs: 1_000 * job.timeout },
  };
}

function inputOf(job: Body, hasUpload: (jobId: string) => boolean): TranscodeOrder["input"] {
  const { staged_input: staged, beam_stream: isToCome, job_id: jobId, input } = job;
  if (staged !== undefined) return { kind: "upload", name: staged, isToCome: false };
  if (isToCome || hasUpload(jobId)) return { kind: "upload", name: jobId, isToCome };
  if (input.type === "file" && input.path !== undefined) {
    const path = toFilePath(input.path);
    // A path of Windows' is for PATH_MAP to know.
    return { kind: "file", path: path.startsWith("/") ? posix.normalize(path) : path };
  }
  throw new UpreelError("bad_request", "the job names no film that is read here", {
    expected: "input.path of a file, or bytes that came by PUT /beam/upload or /beam/stage",
    got: `an input of the type ${input.type}`,
  });
}

/** An address to fetch would let its caller ask for anything that this machine reaches. */
function refuseWhatIsNotDone({ pull_url, input, output, arguments: wanted }: Body): void {
  const refuse = (what: string, expected: string, got: string): never => {
    throw new UpreelError("bad_request", what, { expected, got });
  };
  if (pull_url !== undefined || input.type === "http")
    refuse("films cannot be fetched from web addresses", "a file, or an upload", "an address");
  if (output.type !== "hls" && output.type !== "unknown")
    refuse("only HLS segments can be made", "output.type hls", output.type);
  if (wanted.video_codec === "copy")
    refuse("there is nothing to upscale", "a video_codec that encodes", "copy");
  if (wanted.subtitle?.mode === "burn")
    refuse("subtitles are not drawn into the picture", "subtitle.mode none", "burn");
}
