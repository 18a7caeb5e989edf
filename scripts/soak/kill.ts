import { childrenOf, type ProcessRow } from "../../tests/support/processes.ts";
import type { Random } from "@upreel/testkit";

const VICTIMS = ["gateway", "worker", "decoder", "encoder"] as const;
type Victim = (typeof VICTIMS)[number];

function kindOf({ command }: ProcessRow): Victim | undefined {
  if (command.includes("cli.ts gateway")) return "gateway";
  if (command.includes("worker/src/main.ts")) return "worker";
  if (!command.startsWith("ffmpeg ") || !command.includes("rawvideo")) return undefined;
  return command.includes(" tee ") ? "encoder" : "decoder";
}

/** `kill -9` in turn: of the kinds that there are, the one that was killed the least. */
export interface Killer {
  readonly kills: ReadonlyMap<Victim, number>;
  /** Kills a process below `pid`; undefined when there is none of any kind. */
  killOne(pid: number): Promise<Victim | undefined>;
}

/** `only`: of this kind alone. */
export function makeKiller(random: Random, only?: string): Killer {
  const kinds = VICTIMS.filter((each) => only === undefined || each === only);
  const kills = new Map<Victim, number>(kinds.map((kind) => [kind, 0]));
  const killed = (kind: Victim): number => kills.get(kind) ?? 0;
  return {
    kills,
    async killOne(pid) {
      const rows = await childrenOf(pid);
      const present = kinds.filter((kind) => rows.some((row) => kindOf(row) === kind));
      const fewest = Math.min(...present.map(killed));
      const kind = random.pick(present.filter((each) => killed(each) === fewest));
      const victim = random.pick(rows.filter((row) => kindOf(row) === kind));
      if (kind === undefined || victim === undefined) return undefined;
      try {
        process.kill(victim.pid, "SIGKILL");
      } catch {
        return undefined;
      }
      kills.set(kind, killed(kind) + 1);
      return kind;
    },
  };
}
