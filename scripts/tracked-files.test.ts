import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** Models that come with Upreel, and pictures that documents show. */
const BINARIES = /^packages\/upscaler\/models\/.*\.onnx$|^docs\/.*\.(png|jpe?g|webp)$/;
/** Pages' icons. */
const ICONS = /^apps\/player\/.*\.(png|ico|woff2)$/;

/** Undefined in a copy without its history. */
function trackedFiles(): readonly string[] | undefined {
  try {
    // Whoever it belongs to: containers run this as another user.
    const args = ["-c", "safe.directory=*", "ls-files", "-z"];
    const listed = execFileSync("git", args, { encoding: "utf8", stdio: "pipe" });
    return listed.split("\0").filter((path) => path !== "" && existsSync(path));
  } catch {
    return undefined;
  }
}

const tracked = trackedFiles() ?? [];

it.skipIf(tracked.length === 0)("no film, sound or other binary was added by mistake", () => {
  const strays = tracked.filter(
    (path) =>
      !BINARIES.test(path) &&
      !ICONS.test(path) &&
      // As git itself tells binaries from text.
      readFileSync(path).subarray(0, 8_000).includes(0),
  );
  expect(strays).toEqual([]);
});
