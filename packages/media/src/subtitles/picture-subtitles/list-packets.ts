/** A packet as ffmpeg's muxer `framecrc` lists it. */
export interface ListedPacket {
  readonly fromSeconds: number;
  /** 0 where it does not say. */
  readonly seconds: number;
  readonly bytes: number;
}

/**
 * Packets of the first stream in a list of ffmpeg's muxer `framecrc`: `#tb 0: 1/1000`, then
 * `stream, dts, pts, duration, size, crc` for each. Lines that are none are left out.
 */
export function listPackets(text: string): readonly ListedPacket[] {
  const [, num = "1", den = "1000"] = /^#tb 0: (\d+)\/(\d+)$/m.exec(text) ?? [];
  const unit = Number(num) / Number(den);
  return [...text.matchAll(/^0,\s*-?\d+,\s*(-?\d+),\s*(\d+),\s*(\d+),/gm)].map(
    ([, pts, duration, size]) => ({
      fromSeconds: Number(pts) * unit,
      seconds: Number(duration) * unit,
      bytes: Number(size),
    }),
  );
}
