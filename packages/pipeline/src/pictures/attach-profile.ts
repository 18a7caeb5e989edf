import { crc32, deflateSync } from "node:zlib";
import type { PictureFormat } from "@upreel/core";

/**
 * Puts a colour profile into a picture file whose numbers are meant in it. An encoder that is given a profile
 * converts the numbers, which here are in it already.
 */
export function attachProfile(file: Buffer, format: PictureFormat, profile: Buffer): Buffer {
  switch (format) {
    case "jpeg":
      return intoJpeg(file, profile);
    case "png":
      return intoPng(file, profile);
    case "webp":
      return intoWebp(file, profile);
  }
}

const JPEG_MARK = Buffer.from("ICC_PROFILE\0");
/** What a segment holds: 65535 less its length, the mark and two numbers (ICC.1:2022, B.4). */
const JPEG_PART = 65_535 - 2 - JPEG_MARK.length - 2;

/** APP2 segments behind the start of the image and JFIF's own segment. */
function intoJpeg(file: Buffer, profile: Buffer): Buffer {
  const count = Math.ceil(profile.length / JPEG_PART);
  // One byte counts them.
  if (count > 255) return file;
  const parts = Array.from({ length: count }, (_, i) => {
    const part = profile.subarray(i * JPEG_PART, (i + 1) * JPEG_PART);
    const head = Buffer.from([0xff, 0xe2, 0, 0, ...JPEG_MARK, i + 1, count]);
    head.writeUInt16BE(part.length + head.length - 2, 2);
    return Buffer.concat([head, part]);
  });
  const isJfif = file.readUInt16BE(2) === 0xff_e0;
  const at = isJfif ? 4 + file.readUInt16BE(4) : 2;
  return Buffer.concat([file.subarray(0, at), ...parts, file.subarray(at)]);
}

/** Signature and IHDR. */
const PNG_HEAD = 8 + 25;

/** An iCCP chunk right behind the header (PNG, 11.3.2.3). */
function intoPng(file: Buffer, profile: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from("iCCPicc\0\0"), deflateSync(profile)]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return Buffer.concat([file.subarray(0, PNG_HEAD), chunk, file.subarray(PNG_HEAD)]);
}

const HAS_PROFILE = 0x20;
const HAS_ALPHA = 0x10;

function riffChunk(name: string, body: Buffer): Buffer {
  const head = Buffer.from(`${name}\0\0\0\0`, "latin1");
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

/** A VP8X chunk that says so, and the profile behind it (RFC 9649, 2.7). */
function intoWebp(file: Buffer, profile: Buffer): Buffer {
  const chunks = file.subarray(12);
  const first = chunks.toString("latin1", 0, 4);
  const isExtended = first === "VP8X";
  const head = isExtended ? Buffer.from(chunks.subarray(8, 18)) : webpHead(first, chunks);
  head[0] = (head[0] ?? 0) | HAS_PROFILE;
  const rest = isExtended ? chunks.subarray(18) : chunks;
  const body = Buffer.concat([
    Buffer.from("WEBP"),
    riffChunk("VP8X", head),
    riffChunk("ICCP", profile),
    rest,
  ]);
  return riffChunk("RIFF", body);
}

/** Flags and size of a file that has only pictures so far. */
function webpHead(first: string, chunks: Buffer): Buffer {
  const head = Buffer.alloc(10);
  const isLossless = first === "VP8L";
  const bits = isLossless ? chunks.readUInt32LE(9) : 0;
  const [width, height] = isLossless
    ? [bits & 0x3fff, (bits >>> 14) & 0x3fff]
    : [(chunks.readUInt16LE(14) & 0x3fff) - 1, (chunks.readUInt16LE(16) & 0x3fff) - 1];
  if (isLossless && (bits >>> 28) & 1) head[0] = HAS_ALPHA;
  head.writeUIntLE(width, 4, 3);
  head.writeUIntLE(height, 7, 3);
  return head;
}
