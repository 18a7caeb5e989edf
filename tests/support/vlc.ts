import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "@upreel/testkit";
import { SeenPositions } from "./seen-positions.ts";

const LONGEST_MS = 180_000;
const ASK_EVERY_MS = 100;

/** Where two runs meet the counters of the tables begin anew: VLC says so, and plays on. */
const BORDER = /libdvbpsi error \(PSI decoder\): TS (duplicate|discontinuity)/;
/** Of a machine that has no time for it (modules/codec/avcodec/video.c and src/input/es_out.c of VLC 3). */
const SLOW_MACHINE = /late video -> dropping frame|PCR +is called too late/;

/** Plays `seconds` of a URL in a real VLC. */
export async function playInVlc(url: string, seconds: number) {
  await using vlc = await startVlc([
    ...["-I", "dummy", `--run-time=${seconds}`, "--play-and-exit", url, "vlc://quit"],
  ]);
  await Promise.race([vlc.ended, sleep(LONGEST_MS, undefined, { ref: false })]);
  const log = vlc.log();
  // A desktop's buses and hot keys are missing here, which is no fault of the stream.
  const errors = log
    .split("\n")
    .filter((line) => / (?!interface|libvlc)\S+ error: /.test(line))
    .filter((line) => !BORDER.test(line) && !SLOW_MACHINE.test(line));
  return { log, errors };
}

/** A real VLC without a window, driven over its remote control; its positions are whole seconds. */
export async function openVlc(url: string, startSeconds = 0) {
  const port = await freePort();
  const vlc = await startVlc([
    ...["-I", "oldrc", "--rc-fake-tty", `--rc-host=127.0.0.1:${port}`],
    ...[`--start-time=${startSeconds}`, "--play-and-exit", url, "vlc://quit"],
  ]);
  const socket = await eventually("VLC's remote control", () => openSocket(port));
  let heard = "";
  const seen = new SeenPositions();
  socket.setEncoding("utf8").on("data", (text: string) => (heard += text));
  socket.on("error", () => {});
  let last = 0;
  let hasEnded = false;
  void vlc.ended.then(() => (hasEnded = true));

  /** Notes where it is, if it says so. */
  async function look(): Promise<void> {
    heard = "";
    socket.write("get_time\n");
    await sleep(ASK_EVERY_MS);
    const answer = Number(/(?:^|\n|> )(\d+)\r?\n/.exec(heard)?.[1] ?? 0);
    // It says 0 when it has gone on to the item after the film, which makes it leave.
    if (answer === 0) return;
    last = answer;
    seen.note(last);
  }
  // All the time: it tells of no change by itself.
  void (async () => {
    while (!hasEnded) await look();
  })();
  return {
    seek(seconds: number): void {
      seen.jump();
      socket.write(`seek ${seconds}\n`);
    },
    /** Waits until it plays on from about `seconds`. */
    async playsFrom(seconds: number): Promise<void> {
      await eventually(`VLC plays from ${seconds} s, not ${last} s`, () =>
        seen.playsFrom(seconds, 1),
      );
    },
    /** Waits for its end; where it was then. */
    async lastPosition(): Promise<number> {
      await eventually("the end of the film in VLC", () => hasEnded);
      return last;
    },
    /** What it could not read; its decoder, its clock and its table reader complain after every jump. */
    problems: (): string[] =>
      vlc
        .log()
        .split("\n")
        .filter((line) => / (?:adaptive|http|stream|access)\S* error: /.test(line)),
    [Symbol.asyncDispose]: vlc[Symbol.asyncDispose],
  };
}

/** VLC refuses to run as root, so it runs as nobody then. */
async function startVlc(args: readonly string[]) {
  const home = await mkdtemp(join(tmpdir(), "upreel-vlc-"));
  await chmod(home, 0o777);
  const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
  const quiet = ["--no-interact", "-vv", "--vout=dummy", "--aout=dummy", "--no-video-title-show"];
  const command = process.getuid?.() === 0 ? ["setpriv", ...nobody, "cvlc"] : ["cvlc"];
  const [program = "cvlc", ...first] = command;
  const child: ChildProcess = spawn(program, [...first, ...quiet, ...args], {
    env: { ...process.env, HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => (log += text));
  }
  const ended = once(child, "close").then(() => undefined);
  return {
    ended,
    log: () => log,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
