import { expect, it } from "vitest";
import { parsePacket } from "./packet.ts";

it("a packet is read from ffprobe's line, whatever the order of its fields", () => {
  const line =
    "codec_type=video|stream_index=0|pts_time=1.480000|dts_time=1.400000|duration_time=0.040000|size=801|pos=564|flags=K_|";
  const packet = {
    ...{ track: 0, kind: "video", ptsMicros: 1_480_000, dtsMicros: 1_400_000 },
    ...{ durationMicros: 40_000, bytes: 801, position: 564, isKey: true, isDiscarded: false },
  };
  expect(parsePacket(line)).toEqual(packet);
  const turned = line.split("|").reverse().join("|");
  expect(parsePacket(turned)).toEqual(packet);
});

it("what a packet does not tell is undefined, and an edit list's cut is known", () => {
  const packet = parsePacket(
    "codec_type=audio|stream_index=1|pts_time=-0.021333|dts_time=N/A|duration_time=N/A|size=21|pos=N/A|flags=KD_",
  );
  expect(packet).toMatchObject({ ptsMicros: -21_333, isDiscarded: true, isKey: true });
  expect(packet?.dtsMicros).toBeUndefined();
  expect(packet?.durationMicros).toBeUndefined();
  expect(packet?.position).toBeUndefined();
});

it("lines that are no picture and no sound are nothing", () => {
  for (const line of [
    "",
    "|",
    "codec_type=subtitle|stream_index=2",
    "codec_type=video",
    "x=1|=|",
  ]) {
    expect(parsePacket(line)).toBeUndefined();
  }
});
