import { once } from "node:events";
import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

export const XVFB = "/usr/bin/Xvfb";
/** What has not come by then hangs, on a machine that is slow and busy, too. */
const LONGEST_MS = 240_000;

/** A screen in memory with a free number, which the server itself chooses. */
export async function startScreen(stack: AsyncDisposableStack): Promise<string> {
  const server = spawn(
    XVFB,
    ["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
    {
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
    },
  );
  stack.defer(() => endGroup(server));
  const [line] = (await once(server.stdout, "data", {
    signal: AbortSignal.timeout(LONGEST_MS),
  })) as [Buffer];
  return `:${line.toString().trim()}`;
}

/** With all that it has started. */
export async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  process.kill(-child.pid, "SIGTERM");
  const killing = new AbortController();
  void sleep(5000, undefined, { signal: killing.signal, ref: false }).then(
    () => process.kill(-(child.pid ?? 0), "SIGKILL"),
    () => undefined,
  );
  await ended;
  killing.abort();
}
