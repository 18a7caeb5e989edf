import type { Rational } from "@upreel/core";
import { z } from "zod";
import { ffprobe } from "../ffmpeg/ffprobe.ts";

/** What a film's header says of it; for lists, where reading its packets would take too long. */
export interface FilmGlance {
  readonly durationSeconds: number | null;
  /** As it is shown: upright, with square pixels. */
  readonly width: number;
  readonly height: number;
  readonly rate: Rational;
}

const number = z.coerce.number();
const ratio = z.string().transform((text) => text.split(/[/:]/).map(Number));
const headerSchema = z.object({
  format: z.object({ duration: number.optional().catch(undefined) }).optional(),
  streams: z.array(
    z.object({
      codec_type: z.string().optional(),
      width: z.int().positive().optional().catch(undefined),
      height: z.int().positive().optional().catch(undefined),
      sample_aspect_ratio: ratio.optional().catch(undefined),
      avg_frame_rate: ratio.optional().catch(undefined),
      disposition: z.object({ attached_pic: z.int() }).optional(),
      side_data_list: z
        .array(z.looseObject({ rotation: z.number().optional().catch(undefined) }))
        .optional()
        .catch(undefined),
    }),
  ),
});

const ENTRIES =
  "format=duration:stream=codec_type,width,height,sample_aspect_ratio,avg_frame_rate" +
  ":stream_disposition=attached_pic:stream_side_data=rotation";
const USUAL_RATE = { num: 24, den: 1 } as const;
const MOST_RATE = 240;

/** Undefined for a file without a picture. Throws what `ffprobe` throws. */
export async function glanceAtFilm(
  path: string,
  tool: { readonly ffprobe: string },
  signal: AbortSignal,
): Promise<FilmGlance | undefined> {
  const header = await ffprobe(headerSchema, path, ["-show_entries", ENTRIES], tool, signal);
  const video = header.streams.find(
    ({ codec_type: type, disposition }) => type === "video" && disposition?.attached_pic !== 1,
  );
  const { width, height } = video ?? {};
  if (width === undefined || height === undefined) return undefined;
  const [sarNum = 1, sarDen = 1] = video?.sample_aspect_ratio ?? [];
  const shape = sarNum > 0 && sarDen > 0 ? sarNum / sarDen : 1;
  const shownWidth = Math.max(1, Math.round(width * shape));
  const turn = video?.side_data_list?.find(({ rotation }) => rotation !== undefined)?.rotation ?? 0;
  const isTurned = Math.abs(turn) % 180 === 90;
  const duration = header.format?.duration;
  return {
    durationSeconds: duration !== undefined && duration > 0 ? duration : null,
    width: isTurned ? height : shownWidth,
    height: isTurned ? shownWidth : height,
    rate: rateOf(video?.avg_frame_rate),
  };
}

function rateOf([num = 0, den = 0]: readonly number[] = []): Rational {
  const isRate = Number.isInteger(num) && Number.isInteger(den) && num > 0 && den > 0;
  return isRate && num / den <= MOST_RATE ? { num, den } : USUAL_RATE;
}
