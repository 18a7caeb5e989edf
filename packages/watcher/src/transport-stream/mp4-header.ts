import { avcName, hevcName } from "./codec-name.ts";

/**
 * Bytes of the header of a fragmented MP4 file: all before its first fragment (`moof`). undefined
 * when these bytes, the file's beginning, do not reach it.
 */
export function mp4HeaderBytes(bytes: Buffer): number | undefined {
  let at = 0;
  while (at + 8 <= bytes.length) {
    if (bytes.toString("latin1", at + 4, at + 8) === "moof") return at;
    const size = bytes.readUInt32BE(at);
    if (size < 8) return undefined;
    at += size;
  }
  return undefined;
}

/** The RFC 6381 name of the video that a header describes; undefined for a codec without one here. */
export function mp4CodecName(header: Buffer): string | undefined {
  const avc = boxContent(header, "avcC");
  if (avc !== undefined) return avcName(avc);
  const hevc = boxContent(header, "hvcC");
  if (hevc !== undefined) return hevcName(hevc.subarray(1));
  const vp9 = boxContent(header, "vpcC");
  if (vp9 !== undefined) return vp9Name(vp9);
  const av1 = boxContent(header, "av1C");
  return av1 === undefined ? undefined : av1Name(av1);
}

/** A box that is there once, wherever it is. */
function boxContent(header: Buffer, type: string): Buffer | undefined {
  const at = header.indexOf(type, 0, "latin1");
  if (at < 4) return undefined;
  const content = header.subarray(at + 4, at - 4 + header.readUInt32BE(at - 4));
  return content.length < 4 ? undefined : content;
}

const decimal = (value: number): string => String(value).padStart(2, "0");

/** VP9 in ISO-BMFF: after version and flags come profile, level, and bit depth in half a byte. */
const vp9Name = (box: Buffer): string | undefined =>
  box.length < 7
    ? undefined
    : `vp09.${decimal(box[4]!)}.${decimal(box[5]!)}.${decimal(box[6]! >> 4)}`;

/** AV1 in ISO-BMFF: profile and level in one byte, tier and bit depth at the top of the next. */
function av1Name(box: Buffer): string {
  const tier = box[2]! & 0x80 ? "H" : "M";
  const depth = box[2]! & 0x40 ? (box[2]! & 0x20 ? 12 : 10) : 8;
  return `av01.${box[1]! >> 5}.${decimal(box[1]! & 0x1f)}${tier}.${decimal(depth)}`;
}
