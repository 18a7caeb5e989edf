import { expect, it } from "vitest";
import { dvbCanvas, dvbClears } from "./dvb-packets.ts";

const STANDARD = { width: 720, height: 576 };
const definition = (width: number, height: number): Buffer => {
  const bytes = Buffer.from([0x20, 0x00, 0x0f, 0x14, 0, 1, 0, 5, 0x10, 0, 0, 0, 0]);
  bytes.writeUInt16BE(width - 1, 9);
  bytes.writeUInt16BE(height - 1, 11);
  return bytes;
};

it("is what the first display definition says that can be, or the standard's", () => {
  expect(dvbCanvas(definition(1920, 1080))).toEqual({ width: 1920, height: 1080 });
  expect(dvbCanvas(Buffer.concat([definition(1, 1), definition(1280, 720)]))).toEqual({
    ...{ width: 1280, height: 720 },
  });
  for (const bytes of [Buffer.alloc(0), definition(1920, 1080).subarray(0, 12), definition(1, 1)])
    expect(dvbCanvas(bytes)).toEqual(STANDARD);
});

it("a page without a region takes the picture away; nothing else does, and rubbish is nothing", () => {
  const page = (length: number): Buffer => Buffer.of(0x20, 0, 0x0f, 0x10, 0, 1, 0, length, 5, 0x80);
  const packets = Buffer.concat([page(8), page(2), Buffer.alloc(10), page(2).subarray(0, 5)]);
  const rows = [10, 10, 10, 5].map((size, k) => `0, ${k}, ${k}, 1, ${size}, 0x00`);
  expect(dvbClears(packets, `#tb 0: 1/2\n${rows.join("\n")}\n`)).toEqual([0.5]);
  expect(dvbClears(Buffer.alloc(0), `#tb 0: 1/2\n${rows.join("\n")}\n`)).toEqual([]);
});
