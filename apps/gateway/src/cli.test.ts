import { execFile, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeFakeItem, startFakeJellyfin } from "@upreel/testkit";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SMALL_PNG } from "./testing/small-png.ts";
import { startTestApp } from "./testing/start-app.ts";
import { lockDataFolder } from "./data-lock.ts";

// Some tests start five processes, one after the other, on a machine that runs other tests.
vi.setConfig({ testTimeout: 300_000 });

const CLI = fileURLToPath(new URL("./cli.ts", import.meta.url));
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "upreel-cli-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const upreel = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const options = {
      cwd: folder,
      env: { ...process.env, DATA_DIR: join(folder, "data"), LOG_LEVEL: "info", ...env },
    };
    execFile(process.execPath, [CLI, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

it("wrong configuration stops every command with one line for each problem", async () => {
  await writeFile(join(folder, "upreel.json"), '{"SCALE": 99}');
  const { code, stderr } = await upreel(["serve"], { PORT: "http", VIDEO_ENCODER: "mpeg2video" });
  expect(code).toBe(1);
  expect(stderr.split("\n").map((line) => line.trim().split(":")[0])).toEqual([
    "upreel",
    "PORT",
    "SCALE",
    "VIDEO_ENCODER",
    "",
  ]);
});

it("a configuration file that cannot be read is an error, not a default", async () => {
  const { code, stderr } = await upreel(["models"], { UPREEL_CONFIG: join(folder, "none.json") });
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining("cannot read the configuration file"),
  ]);
  await writeFile(join(folder, "upreel.json"), "[]");
  expect((await upreel(["models"])).stderr).toContain("expected a JSON object of settings");
});

it("errors are one line without a stack, unless debugging", async () => {
  const { code, stderr } = await upreel(["upscale", "none.mkv", "out.ts"]);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^upreel: no such file: .*none\.mkv\n$/),
  ]);
  expect((await upreel(["upscale", "none.mkv", "out.ts"], { LOG_LEVEL: "debug" })).stderr).toMatch(
    /\n\s+at /,
  );
});

it("upscale wants a .ts in a folder that exists", async () => {
  expect((await upreel(["upscale", "a.mkv", "out.mkv"])).stderr).toContain(
    "expected a name that ends in .ts",
  );
  expect((await upreel(["upscale", "a.mkv", "none/out.ts"])).stderr).toContain(
    "the folder of the output does not exist",
  );
});

it("models marks the chosen one", async () => {
  const { stdout } = await upreel(["models"], { MODEL: "lanczos" });
  expect(stdout).toMatch(/^\* lanczos/m);
  expect(stdout).toMatch(/^ {2}auto/m);
});

it("status shows the streams of a running gateway, or one of them", async () => {
  await using app = await startTestApp({ API_TOKEN: "a long token" });
  app.streams.put({ id: "one", title: "First", ratio: 0.5 });
  app.streams.put({
    id: "two",
    title: "Second",
    state: "failed",
    reason: { code: "source_no_video", message: "no video in it" },
  });
  const all = await upreel(["status", app.url], { API_TOKEN: "a long token" });
  expect(all.stdout).toMatch(/running +50\.0 % .*1\.20× 30 fps.*First/);
  expect(all.stdout).toMatch(/failed .*Second.*no video in it/);
  const one = await upreel(["status", `${app.url}/status/one`]);
  expect([one.code, one.stdout.trim().split("\n").length]).toEqual([0, 1]);
  expect((await upreel(["status", app.url])).stderr).toContain("this request needs the API token");
});

it("pictures tells a running gateway to upscale Jellyfin's small ones, and to put them back", async () => {
  const images = [{ type: "Primary", bytes: SMALL_PNG }];
  const item = makeFakeItem({ id: "a".padStart(32, "0"), path: "/media/a.mkv", images });
  await using jellyfin = await startFakeJellyfin({ items: [item] });
  await using app = await startTestApp({
    ...{ JELLYFIN_URL: jellyfin.url, JELLYFIN_API_KEY: jellyfin.apiKey },
  });
  const env = { PORT: new URL(app.url).port };
  const started = await upreel(["pictures", "start", "--below", "100"], env);
  expect([started.code, started.stderr]).toEqual([0, ""]);
  await expect.poll(() => item.images[0]?.bytes.readUInt32BE(16)).toBe(12);
  await expect
    .poll(async () => (await upreel(["pictures"], env)).stdout)
    .toBe("idle: done; 1 done, 1 looked at, 0 failed; 1 originals are kept\n");
  await upreel(["pictures", "undo"], env);
  await expect.poll(() => item.images[0]?.bytes.equals(SMALL_PNG)).toBe(true);
});

it("status without a gateway says how to start one", async () => {
  expect((await upreel(["status", "http://127.0.0.1:9"])).stderr).toContain(
    "start it with `npm start`",
  );
});

it("doctor says each thing when it knows it", async () => {
  const hold = join(folder, "hold");
  const ffmpeg = join(folder, "slow-ffmpeg");
  await writeFile(hold, "");
  await writeFile(ffmpeg, `#!/bin/sh\nwhile [ -e ${hold} ]; do sleep 0.05; done\nexit 1\n`);
  await chmod(ffmpeg, 0o755);
  const env = { ...process.env, FFMPEG: ffmpeg, DATA_DIR: join(folder, "data"), PROVIDERS: "cpu" };
  const doctor = spawn(process.execPath, [CLI, "doctor"], { cwd: folder, env });
  let output = "";
  doctor.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await vi.waitFor(() => expect(output).toMatch(/^ok {3}node /), { timeout: 240_000 });
  expect(output.split("\n")).toHaveLength(2);
  doctor.kill("SIGKILL");
  await rm(hold);
});

it("clean deletes nothing where a running gateway does not tell what it knows", async () => {
  await using app = await startTestApp({ API_TOKEN: "a long token" });
  await app.streams.writeStreamFile("one", "live.m3u8", "");
  const env = { PORT: new URL(app.url).port, DATA_DIR: app.dataDir };
  const { code, stdout, stderr } = await upreel(["clean", "--older-than", "0"], env);
  expect([code, stdout, stderr]).toEqual([1, "", expect.stringContaining("API token")]);
});

it("clean deletes nothing that another gateway may be making, where none answers here", async () => {
  const stream = join(folder, "data", "streams", "one");
  await mkdir(stream, { recursive: true });
  const shared = {
    ...{ PORT: "9", FARM_URL: "redis://127.0.0.1:9", API_TOKEN: "a long secret token" },
    GATEWAY_URL: "http://127.0.0.1:9",
  };
  const clean = ["clean", "--older-than", "0"];
  const refused = await upreel(clean, shared);
  expect([refused.code, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr).toContain("Other gateways may be working in");
  expect((await upreel(clean, { ...shared, GATEWAY_URL: "" })).stdout).toMatch(/deleted .*one/);
});

it("clean deletes nothing where a gateway works in the data folder that does not answer in time", async () => {
  const dataDir = join(folder, "data");
  await mkdir(join(dataDir, "streams", "one"), { recursive: true });
  const clean = ["clean", "--older-than", "0"];
  {
    await using _lock = await lockDataFolder(dataDir, "127.0.0.1:5000", (why) => expect.fail(why));
    const refused = await upreel(clean, { PORT: "9" });
    expect([refused.code, refused.stdout]).toEqual([1, ""]);
    expect(refused.stderr).toContain("127.0.0.1:5000");
  }
  expect((await upreel(clean, { PORT: "9" })).stdout).toMatch(/deleted .*one/);
});

it("clean leaves alone what a running gateway knows", async () => {
  await using app = await startTestApp();
  app.streams.put({ id: "one" });
  await app.streams.writeStreamFile("one", "live.m3u8", "");
  await app.streams.writeStreamFile("two", "live.m3u8", "");
  const port = new URL(app.url).port;
  const env = { PORT: port, DATA_DIR: app.dataDir };
  expect((await upreel(["clean"], env)).stdout).not.toContain("deleted");
  const dry = await upreel(["clean", "--older-than", "0", "--dry-run"], env);
  expect(dry.stdout).toContain("its film is left alone");
  expect(dry.stdout).toMatch(/would delete .*two/);
  expect(dry.stdout).not.toMatch(/would delete .*one/);
  expect((await upreel(["clean", "--older-than", "0"], env)).stdout).toMatch(/deleted .*two/);
  expect((await upreel(["clean", "--older-than", "x"], env)).code).toBe(1);
});
