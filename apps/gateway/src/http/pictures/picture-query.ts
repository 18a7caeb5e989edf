import { FRAME_FORMATS, PICTURE_FORMATS, UpreelError, type PictureSize } from "@upreel/core";
import { MOST_PICTURE_PIXELS } from "@upreel/engine";
import { z } from "zod";

const side = z.coerce.number().int().min(1).max(32_768);
const common = {
  scale: z.coerce.number().min(1).max(8).optional(),
  width: side.optional(),
  height: side.optional(),
  model: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,99}$/)
    .optional(),
};

const imageQuerySchema = z.object({
  ...common,
  format: z.enum([...PICTURE_FORMATS, "same"]).default("same"),
  quality: z.coerce.number().int().min(1).max(100).default(90),
  faces: z.enum(["on", "off"]).optional(),
  face_strength: z.coerce.number().min(0).max(1).optional(),
});

const streamQuerySchema = z.object({
  ...common,
  width: side,
  height: side,
  pixel_format: z.enum(FRAME_FORMATS).default("rgb24"),
});

const EXPECTED = {
  image:
    "scale=1 to 8, or width= and height= in pixels; format=png, jpeg, webp or same; quality=1 to 100; model=a grade or an id of /models; faces=on or off; face_strength=0 to 1",
  stream: `width= and height= of the frames; pixel_format=${FRAME_FORMATS.join(", ")}; scale=1 to 8; model=a grade or an id of /models`,
};

/** How a picture is wanted; faces as strongly as `usualStrength`, where nothing is said. Throws `bad_request`. */
export function readImageQuery(query: unknown, usualStrength: number) {
  const {
    format,
    quality,
    model = "best",
    faces,
    face_strength: strength = usualStrength,
    ...size
  } = parse("image", imageQuerySchema, query);
  const wish = { format, quality, model, size: sizeOf(size) };
  return faces === "on" ? { ...wish, faces: strength } : wish;
}

/** What frames come, and what is to become of them. Throws `bad_request`. */
export function readStreamQuery(query: unknown) {
  const {
    width,
    height,
    pixel_format: format,
    model = "fast",
    scale = 2,
  } = parse("stream", streamQuerySchema, query);
  // Before a byte is kept for it.
  if (width * height > MOST_PICTURE_PIXELS)
    throw new UpreelError("bad_request", "the frames are too large", {
      expected: `at most ${MOST_PICTURE_PIXELS} pixels`,
      got: `${width} × ${height}`,
    });
  return { model, size: { scale }, input: { kind: "raw" as const, width, height, format } };
}

interface SizeWords {
  readonly scale?: number | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

function sizeOf({ scale, width, height }: SizeWords): PictureSize {
  if (width !== undefined && height !== undefined && scale === undefined) return { width, height };
  if (width === undefined && height === undefined) return { scale: scale ?? 2 };
  throw new UpreelError("bad_request", "the size is given only in part, or twice", {
    expected: "scale, or width and height",
  });
}

function parse<T>(kind: keyof typeof EXPECTED, schema: z.ZodType<T>, query: unknown): T {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  throw new UpreelError("bad_request", "the query is not understood", {
    expected: EXPECTED[kind],
    got: parsed.error.issues
      .map(
        ({ path: [name], message }) =>
          `${String(name)}: ${isGiven(query, name) ? message : "missing"}`,
      )
      .join("; "),
  });
}

const isGiven = (query: unknown, name: PropertyKey | undefined): boolean =>
  typeof query === "object" && query !== null && name !== undefined && name in query;
