import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { UpreelError, type PictureFormat } from "@upreel/core";
import { openPictures } from "@upreel/engine";
import { createNewFile } from "@upreel/files";
import { z } from "zod";
import { callerFolder, loadConfig } from "../config.ts";
import { untilSignalled } from "../shutdown.ts";
import { localPath } from "./named-film.ts";

const FORMATS: Readonly<Record<string, PictureFormat>> = {
  ".png": "png",
  ".jpg": "jpeg",
  ".jpeg": "jpeg",
  ".webp": "webp",
};

const formatOf = (output: string): PictureFormat | undefined =>
  FORMATS[extname(output).toLowerCase()];

/** Whether `upreel upscale` is to write a picture, by the name of what it writes. */
export const isPictureName = (output: string): boolean => formatOf(output) !== undefined;

const wishSchema = z.strictObject({
  model: z.string().default("best"),
  scale: z.coerce.number().min(1).max(8).default(2),
  faces: z.coerce.number().min(0).max(1).optional(),
});

/** Hardly smaller than without loss, and nobody sees it. */
const QUALITY = 92;

/** `upreel upscale <in> <out.png>`: one picture. */
export async function upscalePicture(
  input: string,
  output: string,
  options: Readonly<Record<string, unknown>>,
): Promise<void> {
  const format = formatOf(output);
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
  const wish = wishSchema.safeParse(given);
  if (!wish.success || format === undefined)
    throw new UpreelError("bad_request", "this cannot be requested for a picture", {
      expected: "--scale, 1 to 8, --faces, 0 to 1, and --model; the other options are for films",
      got: Object.entries(given)
        .map(([name, value]) => `${name} ${String(value)}`)
        .join(", "),
    });
  const from = callerFolder();
  const source = resolve(from, localPath(input));
  const bytes = await readFile(source).catch((cause: unknown) => {
    throw new UpreelError("source_missing", `cannot read ${source}`, {
      cause,
      expected: "a picture that exists and that Upreel may read",
    });
  });
  const target = resolve(from, output);
  const signal = untilSignalled();
  await using pictures = await openPictures(loadConfig(), signal);
  const { model, scale, faces } = wish.data;
  const made = await pictures.image(
    {
      ...{ model, bytes, size: { scale }, faces, input: { kind: "file" } },
      output: { kind: "file", format, quality: QUALITY },
    },
    signal,
  );
  await using file = await createNewFile(target);
  await file.handle.writeFile(made.bytes);
  await file.publish();
  console.log(`${target} (${made.width}x${made.height}, ${made.model})`);
}
