import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const run = promisify(execFile);
const LONGEST_MS = 60_000;

/** Plays `seconds` of a URL in a real mpv without a window; what it decoded. */
export async function playInMpv(url: string, seconds: number) {
  const { stdout } = await run(
    "mpv",
    [
      ...["--no-config", "--vo=null", "--ao=null", "--msg-level=all=warn,cplayer=info"],
      ...[`--length=${seconds}`, url],
    ],
    { timeout: LONGEST_MS },
  );
  const size = /VO: \[null\] (\d+)x(\d+)/.exec(stdout);
  return { width: Number(size?.[1]), height: Number(size?.[2]), output: stdout };
}

/** Plays `seconds` of a URL in a real VLC; it refuses to run as root, so it runs as nobody then. */
export async function playInVlc(url: string, seconds: number) {
  const home = await mkdtemp(join(tmpdir(), "upreel-vlc-"));
  await chmod(home, 0o777);
  const isRoot = process.getuid?.() === 0;
  const args = [
    ...[
      "-I",
      "dummy",
      "--no-interact",
      "-vv",
      "--vout=dummy",
      "--aout=dummy",
      "--no-video-title-show",
    ],
    ...[`--run-time=${seconds}`, "--play-and-exit", url, "vlc://quit"],
  ];
  const [command, commandArgs] = isRoot
    ? ["setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "cvlc", ...args]]
    : ["cvlc", args];
  try {
    const { stdout, stderr } = await run(command as string, commandArgs as string[], {
      timeout: LONGEST_MS,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, HOME: home },
    });
    const log = stdout + stderr;
    // A desktop's buses and hot keys are missing here, which is no fault of the stream.
    const errors = log.split("\n").filter((line) => / (?!interface|libvlc)\S+ error: /.test(line));
    return { log, errors };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** Flags for a Chromium without a display, a sandbox or any network use of its own. */
const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
];

/** Opens a page with one video in a real Chromium and waits until it has played `seconds`. */
export async function playInChromium(pageUrl: string, seconds: number) {
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: CHROMIUM_FLAGS,
  });
  try {
    const page = await browser.newPage({ bypassCSP: true });
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(pageUrl);
    await page.waitForFunction(
      `(document.querySelector("video")?.currentTime ?? 0) >= ${seconds}`,
      undefined,
      { timeout: LONGEST_MS },
    );
    // As text: it runs in the page, whose globals this program does not have.
    const played = await page.evaluate<{ width: number; height: number; seconds: number }>(
      `(({ videoWidth, videoHeight, currentTime }) =>
        ({ width: videoWidth, height: videoHeight, seconds: currentTime }))(document.querySelector("video"))`,
    );
    return { ...played, errors };
  } finally {
    await browser.close();
  }
}
