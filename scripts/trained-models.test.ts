import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { z } from "zod";

const MODELS = new URL("../packages/upscaler/models/", import.meta.url);
const MANIFESTS = new URL("../training/manifests/", import.meta.url);
/** What the int8 file of a network may lose to the fp32 one, in dB. */
const LOST_BY_ROUNDING = 0.05;

const scored = z.object({ psnr: z.number() });
const fileSchema = z
  .object({
    file: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    holdout_bicubic: scored.optional(),
    holdout_x2_bicubic: scored.optional(),
  })
  .transform(({ holdout_bicubic, holdout_x2_bicubic, ...file }) => ({
    ...file,
    psnr: scored.parse(holdout_bicubic ?? holdout_x2_bicubic).psnr,
  }));
const manifestSchema = z.object({ files: z.array(fileSchema).min(1) });

const names = await readdir(MANIFESTS);
const files = (
  await Promise.all(
    names.map(async (name) =>
      manifestSchema.parse(JSON.parse(await readFile(new URL(name, MANIFESTS), "utf8"))),
    ),
  )
).flatMap((manifest) => manifest.files);

it("every built-in model is the file that its manifest tells of, byte for byte", async () => {
  const shipped = (await readdir(MODELS)).filter((name) => name.endsWith(".onnx"));
  const found = await Promise.all(
    shipped.map(async (file) => {
      const content = await readFile(new URL(file, MODELS));
      const sha256 = createHash("sha256").update(content).digest("hex");
      return { file, bytes: content.length, sha256 };
    }),
  );
  const byName = (a: { file: string }, b: { file: string }) => (a.file < b.file ? -1 : 1);
  const told = files.map(({ file, bytes, sha256 }) => ({ file, bytes, sha256 }));
  expect(found.toSorted(byName)).toEqual(told.toSorted(byName));
});

it("no int8 model loses more than 0.05 dB to the fp32 one on the held-out pictures", () => {
  const lost = files.flatMap(({ file, psnr }) => {
    const twin = files.find((other) => other.file === file.replace("-int8", "-fp32"));
    return file.includes("-int8") && twin !== undefined ? [[file, twin.psnr - psnr] as const] : [];
  });
  expect(lost.length).toBeGreaterThan(0);
  expect(lost.filter(([, decibels]) => decibels > LOST_BY_ROUNDING)).toEqual([]);
});
