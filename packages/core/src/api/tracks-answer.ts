import { z } from "zod";
import { toldSchema } from "../told/told.ts";

/** Subtitles that are more than text: what a page draws over the picture. */
const DRAWN_FORMATS = ["ass", "pgs"] as const;
export type DrawnFormat = (typeof DRAWN_FORMATS)[number];

const trackFields = {
  /** Of the stream in the file, as ffprobe counts; from 10000 on of one in a file beside the film. */
  index: z.int(),
  codec: z.string(),
  /** For viewers; no two tracks of a kind have the same. */
  name: z.string(),
  /** BCP 47. */
  language: z.string().nullable(),
  is_default: z.boolean(),
  /** Why it is not offered; null: it is. */
  reason: z.string().nullable(),
  /** The same for pages in other languages. */
  reason_told: toldSchema.nullable(),
};

/** Answer of `GET /tracks/:id`. */
export const tracksAnswerSchema = z.object({
  id: z.string(),
  duration_seconds: z.number(),
  /**
   * Timestamp of the film's first frame in all segments, in 90 kHz. A player whose media time 0 is
   * the timestamp t shows the film's second `media time + (t - zero_pts_90k) / 90000`.
   */
  zero_pts_90k: z.int(),
  /** The film's first frame on the file's own clock; null where that clock jumps. */
  file_zero_seconds: z.number().nullable(),
  /** As a fraction: `24000/1001`. */
  frame_rate: z.string(),
  frames_per_segment: z.int().positive(),
  /** The file is being written, and the film gets longer. */
  growing: z.boolean(),
  audio: z.array(
    z.object({
      ...trackFields,
      channels: z.int(),
      /** In the upscaled segments, beside the pictures. */
      is_muxed: z.boolean(),
      stereo_url: z.string().nullable(),
      /** Up to 5.1; null where stereo is all there is. */
      surround_url: z.string().nullable(),
    }),
  ),
  subtitles: z.array(
    z.object({
      ...trackFields,
      is_forced: z.boolean(),
      /** As WebVTT; null where `reason` says why not. */
      url: z.string().nullable(),
      /**
       * The whole track in its own format, on the film's clock, for pages that draw it over the picture: `ass` with
       * its styles, `pgs` (a .sup file) with its pictures. null: there is no more to it than its text.
       */
      drawn: z.object({ format: z.enum(DRAWN_FORMATS), url: z.string() }).nullable(),
    }),
  ),
  /** In the film, for what is drawn of its subtitles. */
  fonts: z.array(z.object({ index: z.int(), name: z.string(), url: z.string() })),
  /** The source's own pictures. */
  original: z.object({
    codec: z.string(),
    width: z.int(),
    height: z.int(),
    /** Which kind of HDR its pictures are; null: SDR. */
    hdr: z.string().nullable(),
    /** How its pictures were taken, and what is done with that; null: progressive, as it says. */
    scan: z.string().nullable(),
    url: z.string().nullable(),
    reason: z.string().nullable(),
    reason_told: toldSchema.nullable(),
  }),
});
export type TracksAnswer = z.infer<typeof tracksAnswerSchema>;
