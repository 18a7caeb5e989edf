import type { ColourMatrix } from "./colour-matrix.ts";
import { planesOf, type FrameForm, type PlaneForm } from "./frame-form.ts";
import type { Similarity } from "./similarity.ts";

/** Pixels of a square, or of another size, as RGB of 0 to 255, one pixel after the other. */
export type Rgb = Float32Array;

/**
 * The part of a frame that `toFrame` maps a picture of `width` × `height` to. Outside the frame its border goes on, as
 * restorers were trained with faces that are whole.
 */
export function cutFace(
  frame: Uint8Array,
  form: FrameForm,
  matrix: ColourMatrix,
  toFrame: Similarity,
  { width, height }: { readonly width: number; readonly height: number },
  into: Rgb,
): void {
  const [first, second, third] = planesOf(form);
  const { a, b, tx, ty } = toFrame;
  let at = 0;
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      const x = a * u - b * v + tx;
      const y = b * u + a * v + ty;
      matrix.toRgb(
        sampleAt(frame, first, x, y),
        sampleAt(frame, second, x, y),
        sampleAt(frame, third, x, y),
        into,
        at,
      );
      at += 3;
    }
  }
}

/** Bilinear, at a place among the pixels of the frame. */
function sampleAt(frame: Uint8Array, plane: PlaneForm, x: number, y: number): number {
  const px = clamp((x - plane.left) / plane.step, plane.width - 1);
  const py = clamp((y - plane.top) / plane.step, plane.height - 1);
  const [left, top] = [Math.floor(px), Math.floor(py)];
  const [fx, fy] = [px - left, py - top];
  const at = plane.offset + top * plane.width + left;
  const right = left + 1 < plane.width ? 1 : 0;
  const below = top + 1 < plane.height ? plane.width : 0;
  const [one, two] = [frame[at] ?? 0, frame[at + right] ?? 0];
  const [three, four] = [frame[at + below] ?? 0, frame[at + below + right] ?? 0];
  const above = one + fx * (two - one);
  return above + fy * (three + fx * (four - three) - above);
}

const clamp = (value: number, most: number): number =>
  value < 0 ? 0 : value > most ? most : value;
