import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { scansAnswerSchema, triggerAnswerSchema } from "@upreel/core";
import { eventually, makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { expect, it } from "vitest";
import { startGateway } from "./support/start-gateway.ts";

/** Says who started it, and for what. */
async function toldFfmpeg(
  folder: string,
): Promise<{ readonly file: string; looks(): Promise<number[]> }> {
  const [file, told] = [join(folder, "ffmpeg-told"), join(folder, "told")];
  await writeFile(file, `#!/bin/sh\necho "$PPID $*" >>'${told}'\nexec ffmpeg "$@"\n`);
  await chmod(file, 0o755);
  return {
    file,
    /** Processes that looked at fields. */
    async looks() {
      const lines = (await readFile(told, "utf8").catch(() => "")).split("\n");
      return lines
        .filter((line) => line.includes("flags=neighbor"))
        .map((line) => Number.parseInt(line, 10));
    },
  };
}

/** Video that says it is film. */
async function makeCombed(path: string): Promise<string> {
  const stripes =
    "nullsrc=s=96x72:r=50:d=6,format=yuv420p," +
    "geq=lum='if(lt(mod(X+4*N+8*floor(Y/16),32),16),50,200)':cb=128:cr=128";
  const filters = `${stripes},tinterlace=interleave_top,setfield=prog`;
  await runFfmpeg(["-f", "lavfi", "-i", filters, "-preset", "ultrafast", "-qp", "1", path]);
  return path;
}

it("looks at films beside the gateway, and not at one whose facts a plugin has found", async () => {
  await using folder = await makeTempFolder();
  const ffmpeg = await toldFfmpeg(folder.path);
  const dataDir = join(folder.path, "data");
  const [first = "", second = ""] = await Promise.all(
    ["first.mkv", "second.mkv"].map((name) => makeCombed(join(folder.path, name))),
  );
  await using gateway = await startGateway({
    ...{ dataDir, roots: folder.path, env: { FFMPEG: ffmpeg.file } },
  });
  /** What is said of a film's fields once it is planned. */
  const planned = async (path: string, scale: number) => {
    const body = JSON.stringify({ path, scale });
    const answer = await fetch(`${gateway.url}/upscale-trigger`, { method: "POST", body });
    const { id } = triggerAnswerSchema.parse(await answer.json());
    return (await gateway.waitFor(id, ({ scan }) => Boolean(scan))).scan;
  };
  const interlaced = await planned(first, 2);
  const before = await ffmpeg.looks();
  expect(before.length).toBeGreaterThan(0);
  expect(before).not.toContain(await gateway.gatewayProcess());
  expect(new Set(before).size).toBe(1);
  // It is gone: the next film is looked at by another one.
  process.kill(before[0] ?? 0, "SIGKILL");
  expect(await planned(second, 2)).toEqual(interlaced);
  const after = await ffmpeg.looks();
  expect(after.length).toBeGreaterThan(before.length);
  expect(after.at(-1)).not.toBe(before[0]);

  const ask = JSON.stringify({ path: first });
  await fetch(`${gateway.url}/scans`, { method: "POST", body: ask });
  await eventually("its facts", async () => {
    const scans = scansAnswerSchema.parse(await (await fetch(`${gateway.url}/scans`)).json());
    const tasks = scans.jobs.flatMap((job) => job.tasks);
    return tasks.some(({ facts }) => facts?.scan?.kind === "interlaced");
  });
  const scanned = await ffmpeg.looks();
  expect(await planned(first, 3)).toEqual(interlaced);
  expect(await ffmpeg.looks()).toEqual(scanned);
});
