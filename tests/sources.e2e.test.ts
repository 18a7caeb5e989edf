import { execFile } from "node:child_process";
import { copyFile, open, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeClip, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectGoodSegments, expectWhole } from "./support/film-checks.ts";
import { recordPlaylists, type PlaylistRecorder } from "./support/record-playlists.ts";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";

const run = promisify(execFile);

describe("sources that are not what they should be", () => {
  let folder: TempFolder;
  let outside: TempFolder;
  let dataDir: string;
  let gateway: RunningGateway;
  let playlists: PlaylistRecorder;

  beforeAll(async () => {
    [folder, outside] = [await makeTempFolder(), await makeTempFolder()];
    dataDir = join(folder.path, "data");
    playlists = recordPlaylists(dataDir);
    gateway = await startGateway({ dataDir, roots: folder.path, playlists });
  });
  afterAll(async () => {
    const problems = await playlists.finish();
    await gateway[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
    await outside[Symbol.asyncDispose]();
    expect(problems).toEqual([]);
  });

  const film = (
    name: string,
    seconds: number,
    extraArgs: readonly string[] = [],
  ): Promise<string> =>
    makeClip(join(folder.path, name), { width: 160, height: 90, rate: 24, seconds, extraArgs });

  it("is complete, and says why, when the source holds fewer pictures than it promises", async () => {
    const path = await film("cut.mp4", 30, ["-movflags", "+faststart"]);
    await truncate(path, Math.round((await stat(path)).size / 2));
    const { id } = await gateway.trigger(path);
    playlists.allowCut(id);
    const done = await gateway.waitFor(
      id,
      ({ state }) => state === "complete" || state === "failed",
    );
    expect(done.state).toBe("complete");
    expect(done.reason).toMatchObject({ code: "source_truncated", expected: "720 pictures" });
    expect(done.frames_total).toBeLessThan(720);
    await expectGoodSegments(gateway, id, done.frames_total ?? 0);
    const past = await fetch(`${gateway.url}/hls/${id}/segments/000014.ts`);
    expect(past.status).toBe(410);
  });

  it("gets over a corrupt stretch in the middle", async () => {
    const path = await film("corrupt.mp4", 16, ["-g", "24"]);
    const { size } = await stat(path);
    const file = await open(path, "r+");
    await file.write(Buffer.alloc(3_000, 0xa5), 0, 3_000, Math.round(size / 2));
    await file.close();
    const { id } = await gateway.trigger(path);
    await expectWhole(gateway, dataDir, id, 16 * 24);
  });

  it("says what is wrong with a source, starts nothing and serves the others on", async () => {
    const other = await gateway.trigger(await film("good.mp4", 16));
    const empty = join(folder.path, "empty.mkv");
    const text = join(folder.path, "text.mkv");
    const sound = join(folder.path, "sound.mka");
    const stranger = join(outside.path, "film.mkv");
    const link = join(folder.path, "link.mkv");
    await writeFile(empty, "");
    await writeFile(text, "this is not a film\n".repeat(200));
    await run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "sine=d=2", sound]);
    await copyFile(text, stranger);
    await symlink(stranger, link);
    const refusals = [
      [join(folder.path, "missing.mkv"), 404, "source_missing"],
      [folder.path, 400, "source_not_a_file"],
      [stranger, 403, "source_outside_roots"],
      [link, 403, "source_outside_roots"],
    ] as const;
    for (const [path, status, code] of refusals) {
      const response = await fetch(`${gateway.url}/upscale-trigger`, {
        method: "POST",
        body: JSON.stringify({ path }),
      });
      expect([path, response.status]).toEqual([path, status]);
      expect(await response.json()).toMatchObject({ status: "error", code });
    }
    const failures = [
      [empty, "source_unreadable"],
      [text, "source_unreadable"],
      [sound, "source_no_video"],
    ] as const;
    for (const [path, code] of failures) {
      const { id } = await gateway.trigger(path);
      const failed = await gateway.waitFor(id, ({ state }) => state === "failed");
      expect(failed.reason).toMatchObject({ code });
      expect(failed.segments_ready).toBe(0);
    }
    await expectWhole(gateway, dataDir, other.id, 16 * 24);
  });
});
