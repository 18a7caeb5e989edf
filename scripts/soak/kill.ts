import { childrenOf, type ProcessRow } from "../../tests/support/processes.ts";
import type { Random } from "./random.ts";

export type Victim = "gateway" | "worker" | "decoder" | "encoder";
const VICTIMS = ["gateway", "worker", "decoder", "encoder"] as const;

function kindOf({ command }: ProcessRow): Victim | undefined {
  if (command.includes("cli.ts gateway")) return "gateway";
  if (command.includes("worker/src/main.ts")) return "worker";
  if (!command.startsWith("ffmpeg ") || !command.includes("rawvideo")) return undefined;
  return command.includes(" tee ") ? "encoder" : "decoder";
}

/** `kill -9` of a process of a random kind below `pid`; undefined when there is none of that kind. */
export async function killOne(pid: number, random: Random): Promise<Victim | undefined> {
  const kind = random.pick(VICTIMS);
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
