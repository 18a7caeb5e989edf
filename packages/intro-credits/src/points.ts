/** chromaprint tells one point for so many samples at its own rate. */
export const SECONDS_PER_POINT = 1365 / 11_025;

/** A point is made of the sound of 16 such steps and of one window more. */
export const SECONDS_IN_POINT = 15 * SECONDS_PER_POINT + 4096 / 11_025;

/** Points of sound, as they are kept: little endian, in base64. */
export function encodePoints(points: Uint32Array): string {
  const bytes = Buffer.alloc(points.length * 4);
  for (const [n, point] of points.entries()) bytes.writeUInt32LE(point, n * 4);
  return bytes.toString("base64");
}

export const decodePoints = (text: string): Uint32Array => pointsIn(Buffer.from(text, "base64"));

/** Points as chromaprint writes them. */
export function pointsIn(bytes: Buffer): Uint32Array {
  const points = new Uint32Array(Math.floor(bytes.length / 4));
  for (let n = 0; n < points.length; n += 1) points[n] = bytes.readUInt32LE(n * 4);
  return points;
}
