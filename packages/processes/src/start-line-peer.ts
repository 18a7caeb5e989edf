import { boundedLines, type LineBounds, type LineFault } from "./bounded-lines.ts";
import { launch, type ChildEnd, type ChildOrder } from "./launch.ts";
import { watchCrowd } from "./watch-crowd.ts";

/** What such a process may be ended for. */
type PeerFault = LineFault | "too_many_processes";

/** A process of somebody else's that is spoken with by lines on stdin and stdout. */
export interface LinePeer {
  readonly pid: number | undefined;
  /** Settles when it is gone; never rejects. `fault`: it was ended for what it wrote, or started. */
  readonly ended: Promise<ChildEnd & { readonly fault: PeerFault | undefined }>;
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
  readonly bounds: LineBounds & {
    /** It, and what it started. */
    readonly mostProcesses: number;
  };
}

/** What may wait to be read by it. */
const MOST_UNREAD = 64 * 1024 * 1024;

/**
 * Starts a process that is not trusted: it knows nothing of this one's environment, is in a group of its own,
 * and is killed when it writes a longer line, or more in a while, than it may, or starts more processes.
 */
export function startLinePeer(
  order: Omit<ChildOrder, "stderr" | "isForeign">,
  { onLine, onLog, bounds }: LinePeerHooks,
): LinePeer {
  const { child, ended, kill } = launch(
    { ...order, isForeign: true, stderr: "tail" },
    { ipc: false, stdout: "pipe", stdin: "pipe" },
  );
  let fault: PeerFault | undefined;
  const onFault = (given: PeerFault): void => {
    fault ??= given;
    kill();
  };
  const endWatch =
    child.pid === undefined
      ? undefined
      : watchCrowd(child.pid, bounds.mostProcesses, () => onFault("too_many_processes"));
  const { stdin, stdout, stderr } = child;
  stdout?.on("data", boundedLines(bounds, { onLine, onFault }));
  stderr?.on("data", boundedLines(bounds, { onLine: onLog, onFault }));
  // It is gone: its end says why.
  for (const stream of [stdin, stdout, stderr]) stream?.on("error", () => undefined);
  return {
    pid: child.pid,
    ended: ended.then((end) => {
      endWatch?.();
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
