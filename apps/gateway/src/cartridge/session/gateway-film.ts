import {
  PTS_PER_SECOND,
  errorAnswerSchema,
  parseRational,
  segmentFileName,
  streamStatusSchema,
  toNumber,
  tracksAnswerSchema,
  UpreelError,
} from "@upreel/core";
import { z } from "zod";
import type { Cartridge } from "../cartridge-file.ts";
import { widthBound } from "../command/video-filters.ts";
import type { HlsCommand } from "../command/hls-command.ts";
import type { UpscaledPictures } from "../command/upscaled-arguments.ts";

/** A film that Upreel makes, as the cartridge needs it. */
export interface GatewayFilm {
  readonly id: string;
  readonly pictures: UpscaledPictures;
  /** The segment of Upreel's in which the transcode begins, and how many there are. */
  readonly firstSegment: number;
  readonly segmentCount: number;
  /** Settles when it is made, whenever that is; rejects with `UpreelError` for what no trying again helps. */
  readSegment(segment: number, signal: AbortSignal): Promise<Uint8Array>;
  /** Nobody watches any more. */
  leave(): Promise<void>;
}

/** No more of the gateway's answers is relied upon. */
const tracksSchema = tracksAnswerSchema
  .pick({
    ...{ duration_seconds: true, zero_pts_90k: true, file_zero_seconds: true, frame_rate: true },
    ...{ frames_per_segment: true, growing: true },
  })
  .extend({ original: tracksAnswerSchema.shape.original.pick({ width: true, height: true }) });
const statusSchema = streamStatusSchema.pick({
  ...{ width: true, height: true, advice: true, advice_text: true },
});
const triggerSchema = z.object({ status: z.string(), id: z.string() });

/** Asks the gateway for the film of this order. Throws `UpreelError` saying why it is better played as it is. */
export async function openFilm(
  command: HlsCommand,
  { url, token }: Cartridge,
  viewer: string,
  signal: AbortSignal,
): Promise<GatewayFilm> {
  const trigger = await ask(`${url}/upscale-trigger`, triggerSchema, signal, {
    body: { path: command.path },
    token,
  });
  const { id } = trigger;
  const tracks = await ask(`${url}/tracks/${id}`, tracksSchema, signal);
  const status = await ask(`${url}/status/${id}`, statusSchema, signal);
  const rate = parseRational(tracks.frame_rate);
  const { width, height } = status;
  if (trigger.status !== "exists" && status.advice === "original")
    throw refuse(status.advice_text ?? "this machine cannot hold it");
  if (rate === undefined || width === null || height === null)
    throw refuse("the gateway does not say how large its film is");
  if (tracks.growing) throw refuse("the file is being written");
  if (tracks.file_zero_seconds === null) throw refuse("the file is made of several recordings");
  if (width <= tracks.original.width && height <= tracks.original.height)
    throw refuse("it is as large as the screen already");
  const bound = widthBound(command.filters);
  if (bound !== undefined && bound <= tracks.original.width)
    throw refuse(`the client wants no more than ${bound} pixels of width, which the file has`);
  const segmentSeconds = tracks.frames_per_segment / toNumber(rate);
  return {
    id,
    pictures: {
      zeroSeconds: tracks.file_zero_seconds,
      offsetSeconds: tracks.file_zero_seconds - tracks.zero_pts_90k / PTS_PER_SECOND,
      frameRate: tracks.frame_rate,
      sourceSize: { width: tracks.original.width, height: tracks.original.height },
      size: { width, height },
    },
    firstSegment: Math.floor(command.seekSeconds / segmentSeconds),
    segmentCount: Math.ceil(tracks.duration_seconds / segmentSeconds - 1e-6),
    readSegment: (segment, until) =>
      readSegment(
        `${url}/hls/${id}/segments/${segmentFileName(segment)}?PlaySessionId=${viewer}`,
        until,
      ),
    async leave() {
      const body = { viewer, left: true };
      await fetch(`${url}/playhead/${id}`, {
        ...{ method: "POST", body: JSON.stringify(body), signal: AbortSignal.timeout(1_000) },
      }).catch(() => undefined);
    },
  };
}

const refuse = (message: string): UpreelError => new UpreelError("cannot_hold", message);

async function ask<T>(
  url: string,
  schema: z.ZodType<T>,
  signal: AbortSignal,
  post?: { readonly body: object; readonly token: string | undefined },
): Promise<T> {
  const response = await fetch(url, {
    signal,
    ...(post !== undefined && {
      method: "POST",
      body: JSON.stringify(post.body),
      headers: {
        "Content-Type": "application/json",
        ...(post.token === undefined ? {} : { "X-Api-Token": post.token }),
      },
    }),
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const said = errorAnswerSchema.safeParse(answer).data?.message;
    throw new UpreelError("bad_request", said ?? `${url} answered ${response.status}`);
  }
  return schema.parse(answer);
}

/** No segment of Upreel's is larger. */
const MOST_BYTES = 64 * 1024 * 1024;
const PACKET = 188;

/** Whole, or not at all: who is cut off in the middle asks again. */
async function readSegment(url: string, signal: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(url, { signal });
  if (response.status >= 400 && response.status < 500)
    throw new UpreelError("segment_not_found", `${url} answered ${response.status}`);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MOST_BYTES) throw new UpreelError("segment_not_found", `${url} does not end`);
  }
  const bytes = Buffer.concat(chunks);
  if (!holdsMedia(bytes))
    throw new UpreelError("segment_not_found", "the gateway gave up on the film");
  return bytes;
}

/** An answer that was kept alive by empty packets, and then ended without a segment, has nothing else. */
function holdsMedia(bytes: Buffer): boolean {
  for (let at = 0; at + PACKET <= bytes.length; at += PACKET)
    if ((bytes.readUInt16BE(at + 1) & 0x1fff) !== 0x1fff) return true;
  return false;
}
