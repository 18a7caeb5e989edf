import { z } from "zod";
import { fileIdentitySchema } from "./file-identity.ts";
import { rationalSchema } from "./rational.ts";

/** H.273 names as ffmpeg prints them; undefined where the file does not say. */
export const colourSchema = z.object({
  range: z.enum(["tv", "pc"]).optional(),
  matrix: z.string().optional(),
  primaries: z.string().optional(),
  transfer: z.string().optional(),
  chromaLocation: z.string().optional(),
});

/** High dynamic range, and what making SDR of it takes to know. */
export const hdrSchema = z.object({
  /** For people: `HDR10`, `HLG`, `Dolby Vision 8.4 (HLG)`. */
  name: z.string(),
  /**
   * The transfer of what any decoder gives, which leaves Dolby Vision's metadata aside. `none`: colours that
   * ffmpeg cannot convert, as of Dolby Vision 5, which only Dolby's own decoders show, or in ICtCp.
   */
  base: z.enum(["pq", "hlg", "none"]),
  /** The brightest light in the film, cd/m². */
  peakNits: z.number().min(100).max(10_000),
});
export type Hdr = z.infer<typeof hdrSchema>;

/** How the pictures were taken, found by looking at some of them. */
export const scanSchema = z.object({
  /**
   * `mixed`: interlaced in parts. `telecine`: 3:2 pulldown, which makes five pictures of video of four of
   * film; two of the five are woven of fields of two pictures.
   */
  kind: z.enum(["progressive", "interlaced", "mixed", "telecine"]),
  /** Which field of a picture is the earlier one: the upper or the lower. */
  order: z.enum(["tff", "bff"]).optional(),
});
export type Scan = z.infer<typeof scanSchema>;

export const videoTrackSchema = z.object({
  /** Index of the stream in the file (`-map 0:index`). */
  index: z.int().nonnegative(),
  codec: z.string(),
  profile: z.string().optional(),
  pixelFormat: z.string(),
  bitDepth: z.int().positive(),
  /** Coded size, before rotation and pixel aspect. */
  width: z.int().positive(),
  height: z.int().positive(),
  /** Sample aspect ratio of the coded picture. */
  sampleAspect: rationalSchema,
  /** Degrees clockwise that a player turns the picture: 0, 90, 180 or 270. */
  rotation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
  /** What the file says. */
  isInterlaced: z.boolean(),
  /** Absent: nothing that moves was seen, or nobody looked; then each picture is what its own flag says. */
  scan: scanSchema.optional(),
  /** The longest time from one picture that can be decoded by itself to the next, where it is known. */
  longestGroupSeconds: z.number().nonnegative().optional(),
  /**
   * Only some pictures have a time of their own in the file, as in MPEG-PS; those that ffmpeg works out for the
   * others are now and then a picture off.
   */
  hasLooseTimes: z.boolean().optional(),
  /** The longest time from one picture with a time of its own to the next, where not all have one. */
  longestUntoldSeconds: z.number().nonnegative().optional(),
  averageRate: rationalSchema.optional(),
  realRate: rationalSchema.optional(),
  colour: colourSchema,
  /** Without: standard dynamic range. */
  hdr: hdrSchema.optional(),
});
export type VideoTrack = z.infer<typeof videoTrackSchema>;

export const audioTrackSchema = z.object({
  index: z.int().nonnegative(),
  codec: z.string(),
  profile: z.string().optional(),
  channels: z.int().nonnegative(),
  sampleRate: z.int().nonnegative(),
  language: z.string().optional(),
  title: z.string().optional(),
  isDefault: z.boolean(),
  /** A commentary, a description for the blind and the like: beside the film's own sound. */
  isAside: z.boolean().optional(),
  /** Its packets meet from the first frame to the last, and say what they are wherever one begins. */
  isCopyable: z.boolean().optional(),
  /** Where its sound begins and ends on the timeline, where the file says so. */
  startSeconds: z.number().optional(),
  endSeconds: z.number().optional(),
});
export type AudioTrack = z.infer<typeof audioTrackSchema>;

export const subtitleTrackSchema = z.object({
  index: z.int().nonnegative(),
  codec: z.string(),
  language: z.string().optional(),
  title: z.string().optional(),
  isDefault: z.boolean(),
  isForced: z.boolean(),
  /** What the places of its pictures are counted on, where the file says so (VobSub). */
  canvas: z.object({ width: z.int().positive(), height: z.int().positive() }).optional(),
});

export const chapterSchema = z.object({
  /** Start and end in seconds of the film, from timeline zero. */
  startSeconds: z.number(),
  endSeconds: z.number(),
  title: z.string().optional(),
});

/** A media file on disk, as probed. */
export const sourceSchema = fileIdentitySchema.extend({
  format: z.string(),
  /** Of the timeline: of pictures or sound, whichever lasts longer; subtitles may last longer still. */
  durationSeconds: z.number().nonnegative().optional(),
  video: videoTrackSchema,
  audio: z.array(audioTrackSchema),
  subtitles: z.array(subtitleTrackSchema),
  /** That it brings for its subtitles: streams of the file, with the names of their files. */
  fonts: z.array(z.object({ index: z.int().nonnegative(), name: z.string() })).optional(),
  chapters: z.array(chapterSchema),
});
export type Source = z.infer<typeof sourceSchema>;
