import { expect, it } from "vitest";
import { readSpu } from "./read-spu.ts";

const PALETTE = [
  { red: 0, green: 0, blue: 0 },
  { red: 255, green: 255, blue: 0 },
];

/** Four by three pixels at 10, 20: even lines of colour 1 up to their end, the odd one of two of 1, a 2 and a 3. */
function packet(change: (bytes: Buffer) => void = () => undefined): Buffer {
  const bytes = Buffer.of(
    // Its length, and where its commands are; the lines.
    ...[0, 34, 0, 10, 0x00, 0x01, 0x00, 0x01, 0x96, 0x70],
    // A date, and where the next commands are: there are none.
    ...[0, 0, 0, 10, 0x03, 0x32, 0x10, 0x04, 0xff, 0xf0],
    ...[0x05, 0x00, 0xa0, 0x0d, 0x01, 0x40, 0x16],
    ...[0x06, 0, 4, 0, 8, 0x01, 0xff],
  );
  change(bytes);
  return bytes;
}

it("reads runs of even and odd lines, and the colours and the place of the picture", () => {
  const read = readSpu(packet(), PALETTE);
  expect(read).toMatchObject({ x: 10, y: 20, width: 4, height: 3 });
  expect([...(read?.pixels ?? [])]).toEqual([1, 1, 1, 1, 1, 1, 2, 3, 1, 1, 1, 1]);
  expect(read?.colours.map(({ red, alpha }) => `${red} ${alpha}`)).toEqual([
    ...["0 0", "255 255", "0 255", "0 255"],
  ]);
});

it("shows nothing of a packet that is cut, or says what cannot be", () => {
  const whole = packet();
  for (let length = 0; length < whole.length; length++)
    expect(readSpu(whole.subarray(0, length), PALETTE)).toBeUndefined();
  const commandsOutside = packet((bytes) => bytes.writeUInt16BE(0xffff, 2));
  const linesOutside = packet((bytes) => bytes.writeUInt16BE(0xffff, 30));
  const endsBeforeItBegins = packet((bytes) => bytes.writeUInt8(0, 23));
  const tooLarge = packet((bytes) => bytes.fill(0xff, 22, 24).fill(0xff, 25, 27));
  for (const bad of [commandsOutside, linesOutside, endsBeforeItBegins, tooLarge])
    expect(readSpu(bad, PALETTE)).toBeUndefined();
});
