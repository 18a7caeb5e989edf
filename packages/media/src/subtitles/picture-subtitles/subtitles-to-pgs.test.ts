import { expect, it } from "vitest";
import { listPackets } from "./list-packets.ts";
import { subtitlesToPgs } from "./subtitles-to-pgs.ts";
import { writePgs } from "./write-pgs.ts";

const PACKET = Buffer.of(
  ...[0, 34, 0, 10, 0x00, 0x01, 0x00, 0x01, 0x96, 0x70],
  ...[0, 0, 0, 10, 0x03, 0x32, 0x10, 0x04, 0xff, 0xf0],
  ...[0x05, 0x00, 0xa0, 0x0d, 0x01, 0x40, 0x16],
  ...[0x06, 0, 4, 0, 8, 0x01, 0xff],
);
const list = (...packets: readonly (readonly [pts: number, duration: number, size: number])[]) =>
  `#software: Lavf\n#tb 0: 1/1000\n${packets.map((packet) => `0, ${packet[0]}, ${packet.join(", ")}, 0x00`).join("\n")}\n`;
/** Times of what is shown (+) and taken away (-). */
function timesIn(sup: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at < sup.length; at += 13 + sup.readUInt16BE(at + 11))
    if (sup.readUInt8(at + 10) === 0x16)
      found.push(
        `${sup.readUInt8(at + 13 + 10) > 0 ? "+" : "-"}${sup.readUInt32BE(at + 2) / 90_000}`,
      );
  return found;
}
const convert = (text: string, packets: Buffer, clears: readonly number[] = []) =>
  subtitlesToPgs({
    packets,
    list: text,
    clears,
    canvas: { width: 720, height: 576 },
    shape: 16 / 9,
  });

it("a picture goes when its time is over or the next one comes, and one that does not say after a while", async () => {
  const text = list([1000, 5000, 34], [3000, 0, 34], [20_000, 1000, 34]);
  expect(timesIn(await convert(text, Buffer.concat([PACKET, PACKET, PACKET])))).toEqual([
    ...["+1", "+3", "-9", "+20", "-21"],
  ]);
});

it("what packets of their own take away is gone then, however long it might be shown", async () => {
  const text = list([1000, 60_000, 34], [9000, 60_000, 34]);
  const sup = await convert(text, Buffer.concat([PACKET, PACKET]), [0.5, 3, 11, 12]);
  expect(timesIn(sup)).toEqual(["+1", "-3", "+9", "-11"]);
});

it("a canvas that no film has makes no picture of all memory", async () => {
  const sup = await subtitlesToPgs({
    ...{ packets: PACKET, list: list([1000, 2000, 34]), clears: [] },
    ...{ canvas: { width: 1, height: 4096 }, shape: 16 / 9 },
  });
  expect(timesIn(sup)).toEqual(["+1", "-3"]);
});

it("damaged packets are left out, what began before the film is shown at its beginning, and rubbish is nothing", async () => {
  const text = list([-2000, 3000, 34], [2000, 1000, 34], [-9000, 1000, 34], [5000, 1000, 99]);
  const packets = Buffer.concat([PACKET, Buffer.alloc(34), PACKET, PACKET]);
  expect(timesIn(await convert(text, packets))).toEqual(["+0", "-1", "+5", "-6"]);
  expect(await convert("rubbish", packets)).toHaveLength(0);
  expect(listPackets("")).toEqual([]);
});

it("an object of PGS that is longer than a segment comes in pieces", () => {
  const [width, height] = [600, 300];
  const pixels = Uint8Array.from({ length: width * height }, (_, k) => k % 2);
  const colours = [0, 255].map((level) => ({ red: level, green: level, blue: level, alpha: 255 }));
  const times = { fromSeconds: 0, toSeconds: 1 };
  const picture = { ...times, x: 0, y: 0, width, height, pixels, colours };
  const sup = writePgs({ width: 720, height: 576 }, picture, { number: 0, isFollowed: false });
  const marks: number[] = [];
  for (let at = 0; at < sup.length; at += 13 + sup.readUInt16BE(at + 11))
    if (sup.readUInt8(at + 10) === 0x15) marks.push(sup.readUInt8(at + 13 + 3));
  expect([marks.at(0), marks.at(-1), marks.length > 1]).toEqual([0x80, 0x40, true]);
});
