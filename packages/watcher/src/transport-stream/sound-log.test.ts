import { expect, test } from "vitest";
import { readSoundFrame } from "./sound-frames.ts";
import { SoundLog } from "./sound-log.ts";

/** ADTS of `length` bytes at 48 kHz. */
function adts(length: number): Buffer {
  const head = [0xff, 0xf1, 0x4c, 0x80 | (length >> 11), (length >> 3) & 0xff, 0, 0xfc];
  head[5] = ((length & 7) << 5) | 0x1f;
  return Buffer.concat([Buffer.from(head), Buffer.alloc(length - 7, 0xff)]);
}

test("packets are counted wherever the packets of the transport stream cut them", () => {
  const bytes = Buffer.concat([adts(200), adts(9), adts(7), adts(1500), adts(300)]);
  for (const step of [1, 2, 5, 7, 184, 4000]) {
    const log = new SoundLog("aac");
    log.begin(1000);
    for (let at = 0; at < bytes.length; at += step) log.add(bytes.subarray(at, at + step));
    expect(log.span(), `step ${step}`).toMatchObject({ toPts90k: 1000 + 5 * 1920, breaks: [] });
  }
});

test("what is no packet is passed over", () => {
  const log = new SoundLog("aac");
  log.begin(0);
  log.add(Buffer.concat([Buffer.from("noise"), adts(40), Buffer.alloc(600)]));
  expect(log.span()?.toPts90k).toBe(1920);
});

test("sound goes on where its clock of 33 bits begins anew", () => {
  const log = new SoundLog("aac");
  for (let n = 0; n < 4; n += 1) {
    log.begin((2 ** 33 - 3_000 + n * 1920) % 2 ** 33);
    log.add(adts(40));
  }
  expect(log.span()).toMatchObject({ toPts90k: 4 * 1920 - 3_000, breaks: [] });
});

test("without sound there is no span", () => {
  const log = new SoundLog("aac");
  expect(log.span()).toBeUndefined();
  log.begin(0);
  log.add(Buffer.alloc(500, 0xff));
  expect(log.span()).toBeUndefined();
});

test.each([
  // MPEG-1 layer 3, 128 kbit/s, 44.1 kHz, without and with padding.
  [[0xff, 0xfb, 0x90, 0], 417, (1152 * 90_000) / 44_100],
  [[0xff, 0xfb, 0x92, 0], 418, (1152 * 90_000) / 44_100],
  // MPEG-1 layer 2, 192 kbit/s, 48 kHz.
  [[0xff, 0xfd, 0xa4, 0], 576, 2160],
  // MPEG-2 layer 3, 64 kbit/s, 24 kHz.
  [[0xff, 0xf3, 0x84, 0], 192, 2160],
  // MPEG-1 layer 1, 384 kbit/s, 48 kHz.
  [[0xff, 0xff, 0xc4, 0], 384, 720],
])("MPEG sound %j has %i bytes", (header, bytes, ticks) => {
  expect(readSoundFrame(Buffer.from(header), 0, "mpeg")).toEqual({ bytes, ticks });
});

test.each([
  ["no sync", [0x00, 0xfb, 0x90, 0]],
  ["a version that is reserved", [0xff, 0xeb, 0x90, 0]],
  ["a layer that is reserved", [0xff, 0xf9, 0x90, 0]],
  ["no rate", [0xff, 0xfb, 0x9c, 0]],
  ["no bitrate", [0xff, 0xfb, 0xf0, 0]],
  ["a free bitrate, whose length nothing tells", [0xff, 0xfb, 0x00, 0]],
])("%s is no packet of MPEG sound", (_, header) => {
  expect(readSoundFrame(Buffer.from(header), 0, "mpeg")).toBeUndefined();
});
