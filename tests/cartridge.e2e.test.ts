import { execFile } from "node:child_process";
import { copyFile, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { eventually, makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { jellyfinArguments } from "../apps/gateway/src/testing/jellyfin-arguments.ts";
import { startGateway } from "./support/start-gateway.ts";

const CLI = fileURLToPath(new URL("../apps/gateway/src/cli.ts", import.meta.url));
const run = promisify(execFile);

it("a transcode of Jellyfin's comes out upscaled by the running gateway, which looks after its cartridge", async () => {
  await using folder = await makeTempFolder();
  const [films, jellyfin, cache, dataDir] = ["films", "jellyfin", "cache", "data"].map((name) =>
    join(folder.path, name),
  ) as [string, string, string, string];
  for (const path of [films, jellyfin, cache]) await mkdir(path);
  const ffmpeg = (await run("sh", ["-c", "command -v ffmpeg"])).stdout.trim();
  const shim = join(jellyfin, "ffmpeg");
  await copyFile(ffmpeg, shim);
  const film = await makeClip(join(films, "film.mp4"), {
    ...{ width: 160, height: 90, rate: "24000/1001", seconds: 12 },
  });
  const token = "a-token-of-the-test";
  const env = { API_TOKEN: token, MODEL: "lanczos", SCALE: "2" };
  const gateway = async () => startGateway({ dataDir, roots: films, env });
  const cartridge = async (url: string, ...words: string[]) =>
    (
      await run(process.execPath, [CLI, "cartridge", ...words, "--jellyfin", jellyfin], {
        env: { ...process.env, ...env, DATA_DIR: dataDir, PUBLIC_URL: url },
      })
    ).stdout;

  await using first = await gateway();
  expect(await cartridge(first.url, "install", "--wait", "240")).toContain("the gateway answers");
  const order = jellyfinArguments({
    ...{ version: "10.11", container: "mpegts", path: film, folder: cache },
    ...{ seekSeconds: 6, firstSegment: 2 },
  });
  const { stderr } = await run(shim, order);
  expect(stderr).toContain("0123abcd3.ts");
  for (const segment of [2, 3]) {
    const { stdout } = await run("ffprobe", [
      ...["-v", "error", "-select_streams", "v", "-of", "csv=p=0"],
      ...["-show_entries", "stream=height,start_time", join(cache, `0123abcd${segment}.ts`)],
    ]);
    const [height, from] = stdout.split("\n")[0]?.split(",").map(Number) ?? [];
    expect(height).toBe(180);
    // `-max_delay` puts MPEG-TS ten seconds later.
    expect(Math.abs((from ?? 0) - segment * 3 - 10)).toBeLessThan(0.1);
  }
  // Picture by picture: each is the film's own at that moment, and not its neighbour.
  const shifts = [-1, 0, 1];
  const likeness = await Promise.all(
    shifts.map((shift) => compare(join(cache, "0123abcd2.ts"), film, 144 + shift)),
  );
  expect(shifts[likeness.indexOf(Math.max(...likeness))]).toBe(0);
  expect(await readFile(join(cache, "0123abcd.m3u8"), "utf8")).toContain("#EXT-X-ENDLIST");
  expect(await cartridge(first.url, "analyze")).toContain("1 of them upscaled to the end");

  // A gateway that starts looks after what was installed.
  await first.kill();
  await copyFile(ffmpeg, join(jellyfin, "new"));
  await run("mv", [join(jellyfin, "new"), shim]);
  await using second = await gateway();
  await eventually("the shim", async () => (await readFile(shim, "utf8")).startsWith("#!/bin/sh"));
  expect(await cartridge(second.url, "uninstall")).toContain("own ffmpeg is back");
  expect(await readdir(jellyfin)).toEqual(["ffmpeg"]);
  expect(await readFile(shim)).toEqual(await readFile(ffmpeg));
});

/** How much the pictures are those of the film from `frame` on, 0 to 1. */
async function compare(segment: string, film: string, frame: number): Promise<number> {
  const { stderr } = await run("ffmpeg", [
    ...["-hide_banner", "-i", segment, "-i", film, "-lavfi"],
    `[0:v]scale=160:90,settb=1/24,setpts=N[a];[1:v]trim=start_frame=${frame},settb=1/24,setpts=N[b];[a][b]ssim=shortest=1`,
    ...["-f", "null", "-"],
  ]);
  return Number(/SSIM .*All:([\d.]+)/.exec(stderr)?.[1]);
}
