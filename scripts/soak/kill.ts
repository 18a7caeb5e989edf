import { childrenOf, type ProcessRow } from "../../tests/support/processes.ts";
import type { Random } from "./random.ts";

const VICTIMS = ["gateway", "worker", "decoder", "encoder"] as const;
export type Victim = (typeof VICTIMS)[number];

function kindOf({ command }: ProcessRow): Victim | undefined {
  if (command.includes("cli.ts gateway")) return "gateway";
  if (command.includes("worker/src/main.ts")) return "worker";
  if (!command.startsWith("ffmpeg ") || !command.includes("rawvideo")) return undefined;
  return command.includes(" tee ") ? "encoder" : "decoder";
}

/**
 * `kill -9` of a process below `pid` of a random kind, or of the kind `only`; undefined when there is
 * none of that kind.
 */
export async function killOne(
  pid: number,
  random: Random,
  only?: string,
): Promise<Victim | undefined> {
  const kind = random.pick(VICTIMS.filter((each) => only === undefined || each === only));
  const rows = (await childrenOf(pid)).filter((row) => kindOf(row) === kind);
  const victim = random.pick(rows);
  if (victim === undefined) return undefined;
  try {
    process.kill(victim.pid, "SIGKILL");
    return kind;
  } catch {
    return undefined;
  }
}
