import { readdir, readFile } from "node:fs/promises";

const LOOK_EVERY_MS = 1_000;

/**
 * Calls `onCrowd` when more than `most` processes are in the session that `leader` leads: whoever starts processes that start processes is
 * stopped before the machine has no room for others. Only where there is a /proc; the answer ends the watch.
 */
export function watchCrowd(leader: number, most: number, onCrowd: () => void): () => void {
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    if ((await countSession(leader)) > most) onCrowd();
    isLooking = false;
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** A crowd that waits for its end is in it, too; who made a session of its own is not. */
async function countSession(leader: number): Promise<number> {
  const names = await readdir("/proc").catch(() => []);
  let count = 0;
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    // Behind the command, which may hold anything: state, parent, group, session.
    const [, , , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(session) === leader) count += 1;
  }
  return count;
}
