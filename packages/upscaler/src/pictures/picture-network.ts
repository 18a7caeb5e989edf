import { PLAIN_SCALER, enlarged, type ModelSpec, type Rung } from "@upreel/core";
import { createLanczos } from "../plain/lanczos.ts";
import { createPlainScaler } from "../plain/plain-scaler.ts";
import { byteTensor, loadSession, type Session } from "../session.ts";
import { fromYuv, toYuv } from "./colour-planes.ts";
import {
  hasAlpha,
  lumaOf,
  splitRows,
  unweightByAlpha,
  weightByAlpha,
  type Picture,
} from "./picture-planes.ts";

/** A network that enlarges whole pictures of any size, in memory that their size does not decide. */
export interface PictureNetwork {
  /** By how much. */
  readonly scale: number;
  /** Throws `signal`'s reason between two parts of the picture. */
  enlarge(picture: Picture, signal: AbortSignal): Promise<Picture>;
  release(): Promise<void>;
}

/** Pixels of a part: a frame of 720 lines is one. */
const BAND_PIXELS = 2 ** 20;
/** Bands begin at multiples of it, as tiles do, and at whole pixels of ×1.5. */
const GRID = 16;
/** Of networks of which nothing is known, and more than Lanczos' four. */
const UNKNOWN_HALO = 32;
/** The plain scaler has no factor of its own. */
const PLAIN_SCALE = 2;

/** Loads a network for pictures; one picture at a time has all `threads`. */
export async function openPictureNetwork(rung: Rung, threads: number): Promise<PictureNetwork> {
  const isPlain = rung.model.kind === "copy";
  const model: ModelSpec = isPlain
    ? { ...PLAIN_SCALER, kind: "luma", scale: PLAIN_SCALE }
    : rung.model;
  const session = isPlain ? createPlainScaler(PLAIN_SCALE) : await loadSession(rung, { threads });
  const { scale } = model;
  const plain = createLanczos(scale);
  const halo = Math.ceil((model.halo ?? UNKNOWN_HALO) / GRID) * GRID;
  const network = { model, session, plain };
  return {
    scale,
    async enlarge(picture, signal) {
      const { width, height, channels } = picture;
      const [wide, high] = [enlarged(width, scale), enlarged(height, scale)];
      const bytes = new Uint8Array(wide * high * channels);
      const rows = Math.max(GRID, Math.floor(BAND_PIXELS / width / GRID) * GRID);
      for (let from = 0; from < height; from += rows) {
        signal.throwIfAborted();
        const to = Math.min(height, from + rows);
        const [first, last] = [Math.max(0, from - halo), Math.min(height, to + halo)];
        const planes = splitRows(picture, first, last);
        const size = { width, height: last - first };
        const large = await enlargeBand(network, planes, size);
        const skip = enlarged(from, scale) - enlarged(first, scale);
        const keep = enlarged(to, scale) - enlarged(from, scale);
        joinRows(large, { skip, keep, wide }, bytes, enlarged(from, scale));
      }
      return { bytes, width: wide, height: high, channels };
    },
    release: () => session.release(),
  };
}

interface Network {
  readonly model: ModelSpec;
  readonly session: Session;
  readonly plain: ReturnType<typeof createLanczos>;
}
interface Size {
  readonly width: number;
  readonly height: number;
}

/** All channels of an enlarged part of a picture. */
interface Large {
  readonly planes: readonly Uint8Array[];
  /** What the network of luma made, and what plain enlarging makes of the same: colours are to differ by as much. */
  readonly detail?: { readonly made: Uint8Array; readonly plain: Uint8Array };
}

async function enlargeBand(network: Network, planes: Uint8Array[], size: Size): Promise<Large> {
  const alpha = hasAlpha(planes.length) ? planes.pop() : undefined;
  const isSeeThrough = alpha?.some((value) => value < 255) === true;
  if (isSeeThrough) weightByAlpha(planes, alpha);
  const colours =
    network.model.kind === "planes"
      ? { planes: await enlargeColours(network, planes, size) }
      : await enlargeByLuma(network, planes, size);
  if (alpha === undefined) return colours;
  const large = enlargePlain(network, alpha, size);
  const whole = isSeeThrough ? unweightByAlpha(addDetail(colours), large) : addDetail(colours);
  return { planes: [...whole, large] };
}

/** A network of luma says by how much it differs from plain enlarging; each colour differs by the same. */
async function enlargeByLuma(
  network: Network,
  planes: readonly Uint8Array[],
  size: Size,
): Promise<Large> {
  const luma = lumaOf(planes);
  const [made] = await infer(network, [luma], size);
  if (made === undefined) throw new RangeError("the network gave no plane");
  if (planes.length === 1) return { planes: [made] };
  return {
    planes: planes.map((plane) => enlargePlain(network, plane, size)),
    detail: { made, plain: enlargePlain(network, luma, size) },
  };
}

function addDetail({ planes, detail }: Large): Uint8Array[] {
  if (detail === undefined) return [...planes];
  return planes.map((plane) => {
    const sum = new Uint8ClampedArray(plane.length);
    for (let i = 0; i < sum.length; i++)
      sum[i] = (plane[i] as number) + (detail.made[i] as number) - (detail.plain[i] as number);
    return new Uint8Array(sum.buffer);
  });
}

/** A network that takes three planes. */
async function enlargeColours(
  network: Network,
  planes: readonly Uint8Array[],
  size: Size,
): Promise<Uint8Array[]> {
  const [red, green = red, blue = red] = planes;
  if (red === undefined || green === undefined || blue === undefined)
    throw new RangeError("a picture has a channel at least");
  const isRgb = network.model.pixelFormat === "gbrp";
  const made = isRgb
    ? await infer(network, [green, blue, red], size)
    : fromYuv(await infer(network, toYuv([red, green, blue]), size));
  const [first, second, third] = made;
  if (first === undefined || second === undefined || third === undefined)
    throw new RangeError("the network gave fewer than three planes");
  if (planes.length === 1) return [isRgb ? first : second];
  return isRgb ? [third, first, second] : [first, second, third];
}

async function infer(
  { session, model: { scale } }: Network,
  planes: readonly Uint8Array[],
  { width, height }: Size,
): Promise<Uint8Array[]> {
  const [wide, high] = [enlarged(width, scale), enlarged(height, scale)];
  const input = new Uint8Array(planes.length * width * height);
  for (const [i, plane] of planes.entries()) input.set(plane, i * width * height);
  const output = new Uint8Array(planes.length * wide * high);
  await session.run(
    byteTensor(input, [1, planes.length, height, width]),
    byteTensor(output, [1, planes.length, high, wide]),
  );
  return planes.map((_, i) => output.subarray(i * wide * high, (i + 1) * wide * high));
}

function enlargePlain(
  { plain, model: { scale } }: Network,
  bytes: Uint8Array,
  { width, height }: Size,
): Uint8Array {
  const result = new Uint8Array(enlarged(width, scale) * enlarged(height, scale));
  plain({ bytes, width, height }, result);
  return result;
}

/** Rows that are kept of a part, into the picture from row `at` on. */
function joinRows(
  { planes, detail }: Large,
  { skip, keep, wide }: { readonly skip: number; readonly keep: number; readonly wide: number },
  picture: Uint8Array,
  at: number,
): void {
  const [from, end] = [skip * wide, (skip + keep) * wide];
  const channels = planes.length;
  const rows = picture.subarray(at * wide * channels);
  // Its stores round into range, faster than code does.
  const bytes = new Uint8ClampedArray(rows.buffer, rows.byteOffset, rows.length);
  const [red, green, blue] = planes;
  if (detail !== undefined && red !== undefined && green !== undefined && blue !== undefined) {
    const { made, plain } = detail;
    for (let i = from, to = 0; i < end; i++, to += 3) {
      const more = (made[i] as number) - (plain[i] as number);
      bytes[to] = (red[i] as number) + more;
      bytes[to + 1] = (green[i] as number) + more;
      bytes[to + 2] = (blue[i] as number) + more;
    }
    return;
  }
  for (const [channel, plane] of planes.entries())
    for (let i = from, to = channel; i < end; i++, to += channels) bytes[to] = plane[i] as number;
}
