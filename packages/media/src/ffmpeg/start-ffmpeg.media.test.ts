import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { once } from "node:events";
import { eventually, makeTempFolder } from "@upreel/testkit";
import { expect, test } from "vitest";
import { startFfmpeg } from "./start-ffmpeg.ts";

const OPTIONS = { ffmpeg: "ffmpeg", name: "decoder" };
const ENDLESS = ["-v", "error", "-re", "-f", "lavfi", "-i", "color=s=16x16", "-f", "null", "-"];

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("an ffmpeg that fails tells why in its last lines", async () => {
  const { exitCode, stderrTail } = await startFfmpeg(["-i", "/no/such.mkv"], OPTIONS).exited;
  expect(exitCode).toBeGreaterThan(0);
  expect(stderrTail).toContain("No such file or directory");
  expect(stderrTail.split("\n").length).toBeLessThanOrEqual(20);
});

test("kill ends ffmpeg itself, at once", async () => {
  const ffmpeg = startFfmpeg(ENDLESS, OPTIONS);
  ffmpeg.kill();
  expect(await ffmpeg.exited).toMatchObject({ exitCode: undefined, signal: "SIGKILL" });
  expect(isAlive(ffmpeg.pid)).toBe(false);
});

test.runIf(process.platform === "linux")("the pid is ffmpeg's own", async () => {
  const ffmpeg = startFfmpeg(ENDLESS, OPTIONS);
  const command = () => readFile(`/proc/${ffmpeg.pid}/comm`, "utf8");
  await eventually("setpriv has become ffmpeg", async () => (await command()) === "ffmpeg\n");
  ffmpeg.kill();
  await ffmpeg.exited;
});

test("an aborted signal kills it, and exited does not reject", async () => {
  const cancel = new AbortController();
  const ffmpeg = startFfmpeg(ENDLESS, { ...OPTIONS, signal: cancel.signal });
  cancel.abort();
  expect(await ffmpeg.exited).toMatchObject({ signal: "SIGKILL" });
});

test("a line can end it", async () => {
  const args = ["-i", "/no/such.mkv", ...ENDLESS.slice(2)];
  const { stderrTail } = await startFfmpeg(args, {
    ...OPTIONS,
    killOnLine: (line: string) => line.includes("No such file"),
  }).exited;
  expect(stderrTail).toContain("No such file");
});

test("an ffmpeg that is not there is told of", async () => {
  const start = async () => startFfmpeg([], { ...OPTIONS, ffmpeg: "/no/ffmpeg" }).exited;
  const outcome = await start().catch((error: unknown) => error);
  // With setpriv it is setpriv that says so.
  expect(JSON.stringify(outcome)).toMatch(/No such file|ffmpeg_missing/);
});

test.runIf(existsSync("/usr/bin/setpriv"))(
  "it dies with its parent, however that dies",
  async () => {
    await using folder = await makeTempFolder();
    const script = join(folder.path, "parent.ts");
    const module = join(import.meta.dirname, "start-ffmpeg.ts");
    await writeFile(
      script,
      `import { startFfmpeg } from ${JSON.stringify(module)};
     console.log(startFfmpeg(${JSON.stringify(ENDLESS)}, ${JSON.stringify(OPTIONS)}).pid);
     setInterval(() => {}, 1000);`,
    );
    const parent = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await eventually("ffmpeg is gone", () => !isAlive(pid));
  },
);
