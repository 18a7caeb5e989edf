import { describe, expect, it } from "vitest";
import { soundAt, pictureAt } from "./testing/packets.ts";
import { createTrackLog } from "./track-log.ts";

describe("the log of a track", () => {
  it("goes on over pauses of a few seconds and begins anew after longer ones", () => {
    const log = createTrackLog(0, "video");
    for (const ms of [0, 40, 4_000, 9_100, 9_140]) log.add(pictureAt(ms));
    const { fragments } = log.log();
    expect(fragments.map(({ jump, packets }) => [jump, packets])).toEqual([
      ["start", 3],
      ["ahead", 2],
    ]);
    expect(fragments[1]).toMatchObject({ startMicros: 9_100_000, endMicros: 9_180_000 });
  });

  it("begins anew where the decoding time of a picture goes back, be it by one picture", () => {
    const log = createTrackLog(0, "video");
    for (const ms of [1_000, 1_040, 1_080, 1_040, 1_080]) log.add(pictureAt(ms));
    expect(log.log().fragments.map(({ jump, packets }) => [jump, packets])).toEqual([
      ["start", 3],
      ["back", 2],
    ]);
  });

  it("begins anew where two pictures are decoded at once, unless one of their times is made up", () => {
    const splice = createTrackLog(0, "video");
    for (const micros of [1_000_000, 1_040_000, 1_040_011, 1_080_000])
      splice.add({ ...pictureAt(0), ptsMicros: micros, dtsMicros: micros });
    expect(splice.log().fragments.map(({ jump, packets }) => [jump, packets])).toEqual([
      ["start", 2],
      ["back", 2],
    ]);
    const sparse = createTrackLog(0, "video");
    for (const ms of [1_000, 1_040, 1_040, 1_080])
      sparse.add({ ...pictureAt(ms), ...(ms === 1_000 ? {} : { ptsMicros: undefined }) });
    expect(sparse.log()).toMatchObject({ sharedTimes: 1, fragments: [{ packets: 4 }] });
  });

  it("begins anew where the decoding time goes back by however little, but not where it was made up", () => {
    for (const backMicros of [100, 1_000, 3_000, 4_989]) {
      const log = createTrackLog(0, "video");
      for (const micros of [1_000_000, 1_040_000, 1_040_000 - backMicros, 1_080_000])
        log.add({ ...pictureAt(0), ptsMicros: micros, dtsMicros: micros });
      expect(log.log().fragments.map(({ jump, packets }) => [jump, packets])).toEqual([
        ["start", 2],
        ["back", 2],
      ]);
    }
  });

  it("finds a time that another picture has, too, though the one that was made up has drifted from it", () => {
    const log = createTrackLog(0, "video");
    for (const [micros, isTold] of [
      [1_000_000, true],
      [1_041_708, false],
      [1_041_408, true],
    ] as const) {
      const shown = isTold ? micros : undefined;
      log.add({ ...pictureAt(0), ptsMicros: shown, dtsMicros: micros });
    }
    expect(log.log()).toMatchObject({ sharedTimes: 1, fragments: [{ packets: 3 }] });
  });

  it("says for how long a file tells no time, up to its end, and nothing where each picture has one", () => {
    const sparse = createTrackLog(0, "video");
    for (const ms of [0, 40, 80, 120, 160, 200, 240, 280])
      sparse.add({ ...pictureAt(ms), ...(ms === 0 || ms === 80 ? {} : { ptsMicros: undefined }) });
    expect(sparse.log().longestUntoldMicros).toBe(200_000);
    const told = createTrackLog(0, "video");
    for (const ms of [0, 40, 400]) told.add(pictureAt(ms));
    expect(told.log().longestUntoldMicros).toBe(0);
  });

  it("takes pictures out of order for what they are", () => {
    const log = createTrackLog(0, "video");
    for (const [pts, dts] of [
      [80, 0],
      [240, 40],
      [160, 80],
      [120, 120],
      [200, 160],
    ] as const) {
      log.add({ ...pictureAt(pts), dtsMicros: dts * 1_000 });
    }
    expect(log.log().fragments).toMatchObject([
      { jump: "start", startMicros: 80_000, endMicros: 280_000, packets: 5 },
    ]);
  });

  it("counts pictures without a decoding time, and none that an edit list cuts", () => {
    const log = createTrackLog(0, "video");
    log.add({ ...pictureAt(0), isDiscarded: true });
    for (const ms of [40, 160, 80]) log.add({ ...pictureAt(ms), dtsMicros: undefined });
    log.add(pictureAt(120));
    const { fragments, pictures } = log.log();
    expect(fragments).toHaveLength(1);
    expect([...pictures.slice(0)]).toEqual([40_000, 160_000, 80_000, 120_000]);
  });

  it("finds sound that is missing, or twice there, but no rounding of ticks", () => {
    const log = createTrackLog(1, "audio");
    for (const ms of [0, 21, 43, 64, 149, 170, 150]) log.add(soundAt(ms));
    const { gaps, gapCount, missingMicros, packetMicros } = log.log();
    expect(gaps).toEqual([
      { atMicros: 85_333, missingMicros: 63_667 },
      { atMicros: 191_333, missingMicros: -41_333 },
    ]);
    expect([gapCount, missingMicros, packetMicros]).toEqual([2, 22_334, 21_333]);
  });

  it("begins a new fragment of sound where the clock of the pictures has jumped", () => {
    const log = createTrackLog(1, "audio");
    log.add(soundAt(0));
    log.cut();
    log.add(soundAt(21));
    expect(log.log().fragments.map(({ jump }) => jump)).toEqual(["start", "cut"]);
  });

  it("finds a hole in sound whose packets last until the next one, as in MP4", () => {
    const log = createTrackLog(1, "audio");
    const packets = [
      [0, 20],
      [20, 20],
      [40, 520],
      [560, 20],
      [580, 20],
    ] as const;
    for (const [ms, durationMs] of packets)
      log.add({ ...soundAt(ms), durationMicros: durationMs * 1_000 });
    expect(log.log()).toMatchObject({
      gapCount: 1,
      gaps: [{ atMicros: 60_000, missingMicros: 500_000 }],
    });
  });

  it("finds packets that the next one cuts short, as where MP4 has two that overlap", () => {
    const log = createTrackLog(1, "audio");
    for (const [micros, durationMicros] of [
      [0, 21_333],
      [21_333, 20],
      [21_353, 21_333],
      [42_686, 21_333],
    ] as const)
      log.add({ ...soundAt(micros / 1_000), durationMicros });
    expect(log.log()).toMatchObject({ gapCount: 0, cutShort: 1 });
  });

  it("finds none before a last packet that is shorter than others", () => {
    const log = createTrackLog(1, "audio");
    for (const [ms, durationMs] of [
      [0, 20],
      [20, 20],
      [40, 20],
      [60, 5],
    ] as const)
      log.add({ ...soundAt(ms), durationMicros: durationMs * 1_000 });
    expect(log.log()).toMatchObject({ gapCount: 0, cutShort: 0 });
  });
});
