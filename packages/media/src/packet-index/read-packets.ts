import { finished } from "node:stream/promises";
import { UpreelError } from "@upreel/core";
import { execa } from "execa";
import { lineTail } from "../ffmpeg/line-tail.ts";
import { lowerPriority } from "../ffmpeg/lower-priority.ts";
import { mediaCommand } from "../ffmpeg/media-command.ts";
import { PACKET_ENTRIES, parsePacket, type Packet } from "./packet.ts";

/** How reading the packets of a file ended. */
export type PacketsEnd =
  /** All were read. */
  | { readonly why: "end" }
  /** There was no more to be had, though ffprobe says that the file goes on. */
  | { readonly why: "broken"; readonly said: string }
  /** `stop` was called, or the signal aborted. */
  | { readonly why: "stopped" }
  /** Those are read that were there, of a file that is being written. */
  | { readonly why: "growing" };

export interface PacketReading {
  /** Settles when the process is gone. Rejects with `ffmpeg_missing`. */
  readonly ended: Promise<PacketsEnd>;
  readonly stop: () => void;
}

const STDERR_LINES = 8;
/** A line is about 130 characters; a file that makes one of megabytes is no film. */
const LONGEST_LINE = 64 * 1024;

/**
 * What a demuxer says when the file ends before what its header promises, or cannot be read. Other
 * complaints (a damaged packet, an odd header) leave the packets that were read as true as they are.
 */
const SAYS_BROKEN =
  /ended prematurely|partial file|truncat|Input\/output error|Stale file|not connected|Error during demuxing|Read error/i;

/** Reads all packets of pictures and sound by one pass of ffprobe, without decoding one. */
export function readPackets(
  input: readonly string[],
  tools: { readonly ffprobe: string; readonly niceness?: number | undefined },
  onPacket: (packet: Packet) => void,
  signal: AbortSignal,
): PacketReading {
  const child = execa(
    ...mediaCommand(tools.ffprobe, [
      ...["-v", "error", "-show_entries", PACKET_ENTRIES, "-of", "compact=p=0", ...input],
    ]),
    {
      cancelSignal: signal,
      killSignal: "SIGKILL",
      forceKillAfterDelay: false,
      stdin: "ignore",
      buffer: false,
      reject: false,
    },
  );
  lowerPriority(child.pid, tools.niceness);
  let isStopped = false;
  const tail = lineTail(STDERR_LINES, () => {});
  child.stderr.setEncoding("utf8").on("data", tail.add);
  const lines = splitLines((line) => {
    const packet = isStopped ? undefined : parsePacket(line);
    if (packet !== undefined) onPacket(packet);
  });
  child.stdout.setEncoding("utf8").on("data", lines.add);
  // Its exit can come before the last of what it wrote.
  const drained = finished(child.stdout, { writable: false }).catch(() => {});
  return {
    ended: child.then(async (result): Promise<PacketsEnd> => {
      await drained;
      lines.end();
      if (result.code === "ENOENT") {
        throw new UpreelError("ffmpeg_missing", `cannot run ${tools.ffprobe}`, {
          cause: result.cause,
        });
      }
      if (isStopped || signal.aborted) return { why: "stopped" };
      const said = tail.text();
      const isBroken = result.failed || SAYS_BROKEN.test(said);
      return isBroken ? { why: "broken", said } : { why: "end" };
    }),
    stop() {
      isStopped = true;
      child.kill();
    },
  };
}

function splitLines(onLine: (line: string) => void): {
  add: (chunk: string) => void;
  end: () => void;
} {
  let rest = "";
  return {
    add(chunk: string): void {
      const lines = (rest + chunk).split("\n");
      rest = (lines.pop() ?? "").slice(0, LONGEST_LINE);
      for (const line of lines) if (line !== "") onLine(line);
    },
    end(): void {
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
}
