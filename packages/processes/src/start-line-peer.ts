import { boundedLines, type LineBounds, type LineFault } from "./bounded-lines.ts";
import { launch, type ChildEnd, type ChildOrder } from "./launch.ts";

/** A process of somebody else's that is spoken with by lines on stdin and stdout. */
export interface LinePeer {
  readonly pid: number | undefined;
  /** Settles when it is gone; never rejects. `fault`: it was ended for what it wrote. */
  readonly ended: Promise<ChildEnd & { readonly fault: LineFault | undefined }>;
  /** False when it takes nothing any more: it is gone, or does not read what it was told before. */
  write(line: string): boolean;
  /** No more will be told: those that behave end by themselves. */
  endInput(): void;
  /** Kills it, and what it started in its group. */
  kill(): void;
}

export interface LinePeerHooks {
  readonly onLine: (line: string) => void;
  /** Lines of its stderr; they have the same bounds. */
  readonly onLog: (line: string) => void;
  readonly bounds: LineBounds;
}

/** What may wait to be read by it. */
const MOST_UNREAD = 64 * 1024 * 1024;

/**
 * Starts a process that is not trusted: it knows nothing of this one's environment, is in a group of its own,
 * and is killed when it writes a longer line, or more in a while, than it may.
 */
export function startLinePeer(
  order: Omit<ChildOrder, "stderr" | "isForeign">,
  { onLine, onLog, bounds }: LinePeerHooks,
): LinePeer {
  const { child, ended, kill } = launch(
    { ...order, isForeign: true, stderr: "tail" },
    { ipc: false, stdout: "pipe", stdin: "pipe" },
  );
  let fault: LineFault | undefined;
  const onFault = (given: LineFault): void => {
    fault ??= given;
    kill();
  };
  const { stdin, stdout, stderr } = child;
  stdout?.on("data", boundedLines(bounds, { onLine, onFault }));
  stderr?.on("data", boundedLines(bounds, { onLine: onLog, onFault }));
  // It is gone: its end says why.
  for (const stream of [stdin, stdout, stderr]) stream?.on("error", () => undefined);
  return {
    pid: child.pid,
    ended: ended.then((end) => {
      // What it started may live on.
      kill();
      return { ...end, fault };
    }),
    write(line) {
      if (stdin === null || !stdin.writable || stdin.writableLength > MOST_UNREAD) return false;
      stdin.write(`${line}\n`);
      return true;
    },
    endInput: () => void stdin?.end(),
    kill,
  };
}
