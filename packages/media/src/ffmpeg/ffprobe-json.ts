import { z } from "zod";

const sideDataSchema = z.looseObject({
  side_data_type: z.string().optional(),
  rotation: z.number().optional(),
  /** Dolby Vision: which kind, and what its pictures are without its metadata. */
  dv_profile: z.number().optional(),
  dv_bl_signal_compatibility_id: z.number().optional(),
  /** cd/m²: of the brightest pixel, and of the display that the film was graded on (a fraction). */
  max_content: z.number().optional(),
  max_luminance: z.string().optional(),
});
export type FfprobeSideData = z.infer<typeof sideDataSchema>;

const dispositionSchema = z.looseObject({
  default: z.number().optional(),
  attached_pic: z.number().optional(),
  still_image: z.number().optional(),
  forced: z.number().optional(),
  comment: z.number().optional(),
  visual_impaired: z.number().optional(),
  hearing_impaired: z.number().optional(),
  descriptions: z.number().optional(),
  clean_effects: z.number().optional(),
  lyrics: z.number().optional(),
  karaoke: z.number().optional(),
});

/** One entry of `streams`; ffprobe leaves out what it does not know. */
const ffprobeStreamSchema = z.looseObject({
  index: z.int(),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  profile: z.string().optional(),
  width: z.int().optional(),
  height: z.int().optional(),
  pix_fmt: z.string().optional(),
  sample_aspect_ratio: z.string().optional(),
  field_order: z.string().optional(),
  color_range: z.string().optional(),
  color_space: z.string().optional(),
  color_primaries: z.string().optional(),
  color_transfer: z.string().optional(),
  chroma_location: z.string().optional(),
  bits_per_raw_sample: z.string().optional(),
  r_frame_rate: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  time_base: z.string().optional(),
  start_time: z.string().optional(),
  duration: z.string().optional(),
  nb_frames: z.string().optional(),
  channels: z.int().optional(),
  sample_rate: z.string().optional(),
  disposition: dispositionSchema.optional(),
  tags: z.record(z.string(), z.string()).optional(),
  side_data_list: z.array(sideDataSchema).optional(),
});
export type FfprobeStream = z.infer<typeof ffprobeStreamSchema>;

/** `ffprobe -show_format -show_streams -show_programs -show_chapters -of json`. */
export const ffprobeFileSchema = z.looseObject({
  streams: z.array(ffprobeStreamSchema).default([]),
  /** Of a transport stream. */
  programs: z
    .array(z.looseObject({ streams: z.array(z.looseObject({ index: z.int() })).default([]) }))
    .default([]),
  chapters: z
    .array(
      z.looseObject({
        start_time: z.string(),
        end_time: z.string(),
        tags: z.record(z.string(), z.string()).optional(),
      }),
    )
    .default([]),
  format: z.looseObject({
    format_name: z.string(),
    start_time: z.string().optional(),
    duration: z.string().optional(),
  }),
});
export type FfprobeFile = z.infer<typeof ffprobeFileSchema>;

/** `ffprobe -show_entries frame=interlaced_frame -of json`. */
export const ffprobeFramesSchema = z.looseObject({
  frames: z.array(z.looseObject({ interlaced_frame: z.number().optional() })).default([]),
});

const ffprobeColourSchema = z.looseObject({
  pts_time: z.string().optional(),
  best_effort_timestamp_time: z.string().optional(),
  height: z.int().optional(),
  pix_fmt: z.string().optional(),
  color_range: z.string().optional(),
  color_space: z.string().optional(),
  color_primaries: z.string().optional(),
  color_transfer: z.string().optional(),
  chroma_location: z.string().optional(),
  side_data_list: z.array(sideDataSchema).optional(),
});
export type FfprobeColours = z.infer<typeof ffprobeColourSchema>;

/** The colours of frames: `ffprobe -show_frames -of json`. */
export const ffprobeColoursSchema = z.looseObject({
  frames: z.array(ffprobeColourSchema).default([]),
});

/** `ffprobe -show_frames -of json`. */
export const ffprobeSideDataSchema = z.looseObject({
  frames: z
    .array(z.looseObject({ side_data_list: z.array(sideDataSchema).default([]) }))
    .default([]),
});

/** Seconds of an ffprobe decimal; undefined for `N/A` and what is left out. */
export function parseSeconds(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const seconds = Number(text);
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** Seconds of a Matroska `DURATION` tag, `00:00:02.600000000`. */
export function parseClock(text: string | undefined): number | undefined {
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text ?? "");
  if (match === null) return undefined;
  return Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
}
