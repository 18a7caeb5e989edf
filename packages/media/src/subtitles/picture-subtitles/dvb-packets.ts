import { listPackets } from "./list-packets.ts";
import type { Canvas } from "./subtitle-picture.ts";

/** Of DVB subtitles that do not say it (EN 300 743, 5.1.3). */
const STANDARD: Canvas = { width: 720, height: 576 };
const DISPLAY_DEFINITION = Buffer.of(0x0f, 0x14);

/**
 * What places in a DVB subtitle track are counted on: the first display definition segment (EN 300 743, 7.2.1) in its
 * packets tells, or it is the standard size.
 */
export function dvbCanvas(packets: Buffer): Canvas {
  for (let at = packets.indexOf(DISPLAY_DEFINITION); at >= 0;) {
    // Sync byte, type, page (2), length (2), version and flags, then width and height, each less one.
    if (at + 11 <= packets.length && packets.readUInt16BE(at + 4) >= 5) {
      const [width, height] = [packets.readUInt16BE(at + 7) + 1, packets.readUInt16BE(at + 9) + 1];
      if (width >= 320 && width <= 4096 && height >= 200 && height <= 4096)
        return { width, height };
    }
    at = packets.indexOf(DISPLAY_DEFINITION, at + 1);
  }
  return STANDARD;
}

const PAGE_COMPOSITION = Buffer.of(0x0f, 0x10);
/** Of a page composition segment without a region: a timeout, and what is changed. */
const LENGTH_OF_NOTHING = 2;

/**
 * When the picture is taken away: page compositions without a region (EN 300 743, 7.2.2). ffmpeg makes no packet of those,
 * and what a packet says of its own length is the longest that it may be shown.
 */
export const dvbClears = (packets: Buffer, list: string): readonly number[] => {
  let at = 0;
  return listPackets(list).flatMap(({ fromSeconds, bytes }) => {
    const packet = packets.subarray(at, at + bytes);
    at += bytes;
    const page = packet.indexOf(PAGE_COMPOSITION);
    const isClear =
      page >= 0 && page + 6 <= packet.length && packet.readUInt16BE(page + 4) === LENGTH_OF_NOTHING;
    return isClear ? [fromSeconds] : [];
  });
};
