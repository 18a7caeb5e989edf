import { expect, it } from "vitest";
import { exactFactor, fitScreen } from "./fit-screen.ts";

const fit = (size: string, lines = 1080, factors: readonly number[] = [1.5, 2]) => {
  const [width = 0, height = 0] = size.split("x").map(Number);
  const found = fitScreen({ width, height }, { lines, factors, longestSide: 4096 });
  return found && `${found.width}x${found.height}`;
};

it.each([
  ["1280x720", "1920x1080"],
  // A wide film fills the screen from side to side.
  ["1280x536", "1920x804"],
  ["1920x800", undefined],
  ["640x360", "1280x720"],
  ["640x480", "1280x960"],
  ["854x480", "1708x960"],
  ["960x540", "1920x1080"],
  ["768x576", "1440x1080"],
  ["1024x576", "1920x1080"],
  ["1600x900", "1920x1080"],
  // ×1.5 reaches nearly: the larger network would cost twice as much for nothing that is seen.
  ["1216x684", "1824x1026"],
  ["720x1280", "1080x1920"],
  ["1920x1080", undefined],
  ["1440x1080", undefined],
  ["1280x1024", undefined],
  ["641x361", "1282x722"],
])("for a screen of 1080 lines %s becomes %s", (size, made) => {
  expect(fit(size)).toBe(made);
});

it.each([
  ["640x480", 720, "960x720"],
  ["640x360", 480, "854x480"],
  ["640x360", 720, "1280x720"],
  ["1920x1080", 2160, "3840x2160"],
  ["1280x720", 2160, "2560x1440"],
])("%s for %i lines becomes %s", (size, lines, made) => {
  expect(fit(size, lines)).toBe(made);
});

it("a model of one's own is used with the factor that it has", () => {
  expect(fit("480x270", 1080, [4])).toBe("1920x1080");
  expect(fit("640x360", 1080, [4])).toBe("1920x1080");
  expect(fit("320x180", 1080, [4])).toBe("1280x720");
});

it.each([
  ["640x360", 1080, 3],
  ["480x270", 1080, 4],
  ["640x480", 1080, undefined],
  ["480x360", 1080, 3],
  // Wide films, and what is a little smaller than it should be.
  ["640x272", 1080, 3],
  ["624x352", 1080, 3],
  ["360x640", 1080, 3],
  // Nothing is scaled down for it.
  ["480x272", 1080, undefined],
  ["854x480", 1080, undefined],
  ["960x540", 1080, undefined],
  ["320x180", 1080, undefined],
  ["1280x720", 2160, 3],
  ["426x240", 720, 3],
])("%s fills %i lines exactly by the factor %s", (size, lines, factor) => {
  const [width = 0, height = 0] = size.split("x").map(Number);
  expect(exactFactor({ width, height }, { lines, longestSide: 4096 })).toBe(factor);
});

it("no picture is larger than the screen, whatever comes in", () => {
  for (let width = 200; width < 1900; width += 37)
    for (let height = 100; height < 1080; height += 31) {
      const size = fitScreen(
        { width, height },
        { lines: 1080, factors: [1.5, 2], longestSide: 4096 },
      );
      if (size === undefined) continue;
      expect(Math.min(size.width, size.height)).toBeLessThanOrEqual(1080);
      expect(Math.max(size.width, size.height)).toBeLessThanOrEqual(1920);
      expect([size.width % 2, size.height % 2]).toEqual([0, 0]);
      expect(size.height).toBeGreaterThan(height);
    }
});
