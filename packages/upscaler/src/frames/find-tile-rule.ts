import { readFile } from "node:fs/promises";
import { enlarged, type Rung } from "@upreel/core";
import { byteTensor, type Session } from "../session.ts";
import type { PictureSize } from "./changed-tiles.ts";
import { cutBox, pasteRegion } from "./copy-box.ts";
import { findHalo, type ModelForm } from "./find-halo.ts";
import { area, grow, type Box, type TileRule } from "./plan-work.ts";

/** Networks work in blocks of so many pixels, if in any; the first that passes the proof is taken. */
const ALIGNMENTS = [2, 4, 8] as const;
/** Side of the parts of the test picture. */
const PART = 16;

/**
 * How the loaded network can be run on parts of a picture so that each bit is that of the whole: the
 * halo is read off its graph, then a test picture is inferred whole and in nine parts, and compared.
 * Undefined where that fails; then whole pictures only are reused. On the CPU alone: GPU providers
 * choose or compile their kernels for each new size.
 */
export async function findTileRule(session: Session, rung: Rung): Promise<TileRule | undefined> {
  const { model } = rung;
  if (rung.provider !== "cpu" || model.fixed !== undefined) return undefined;
  const form = { channels: model.kind === "planes" ? 3 : 1, scale: model.scale };
  const bytes = await readFile(model.file);
  for (const align of ALIGNMENTS) {
    // Where a part of the result begins must be a whole pixel, and an even one: see `enlarged`.
    if (align * form.scale !== enlarged(align, form.scale)) continue;
    const halo = await findHalo(bytes, form, align);
    if (halo === undefined) return undefined;
    // Whole pictures that go through in tiles for want of memory must be seamless to the last bit.
    if (rung.tilePixels !== undefined && halo > (model.halo ?? halo)) return undefined;
    const rule = { halo, align };
    if (await isProven(session, form, rule)) return rule;
  }
  return undefined;
}

/** Whether nine parts give the bits of the whole, those at the borders and the one in the middle. */
async function isProven(session: Session, form: ModelForm, rule: TileRule): Promise<boolean> {
  const { channels, scale } = form;
  // The middle part's halo ends inside the picture; the sides are odd, as some films' are.
  const first = Math.ceil((rule.halo + rule.align) / PART) * PART;
  const side = 2 * first + PART + 3;
  const size = { width: side, height: side - 2, channels };
  const picture = noise(channels * size.width * size.height);
  const whole = await infer(session, size, scale, picture);
  const parts = Buffer.alloc(whole.length);
  const cuts = (end: number): [number, number][] => [
    [0, first],
    [first, first + PART],
    [first + PART, end],
  ];
  for (const [top, bottom] of cuts(size.height)) {
    for (const [left, right] of cuts(size.width)) {
      const valid = { left, top, right, bottom };
      const input = grow(valid, rule, size);
      const pixels = Buffer.alloc(channels * area(input));
      cutBox(picture, size, input, pixels);
      const part = await infer(session, { ...sizeOf(input), channels }, scale, pixels);
      pasteRegion(part, { valid, input }, size, scale, parts);
    }
  }
  return parts.equals(whole);
}

const sizeOf = ({ left, top, right, bottom }: Box): { width: number; height: number } => ({
  width: right - left,
  height: bottom - top,
});

async function infer(
  session: Session,
  { width, height, channels }: PictureSize,
  scale: number,
  picture: Buffer,
): Promise<Buffer> {
  const dims = [1, channels, enlarged(height, scale), enlarged(width, scale)];
  const result = Buffer.alloc(dims.reduce((product, dim) => product * dim));
  await session.run(byteTensor(picture, [1, channels, height, width]), byteTensor(result, dims));
  return result;
}

/** Pixels of all values in no order (a linear congruential generator): nothing cancels out. */
function noise(length: number): Buffer {
  const pixels = Buffer.alloc(length);
  let state = 1;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[at] = state >>> 24;
  }
  return pixels;
}
