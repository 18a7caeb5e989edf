import { runToEnd } from "@upreel/processes";
import { z } from "zod";

/** What a plugin may touch. */
interface Reach {
  /** Folders that it may write to. */
  readonly writable: readonly string[];
  /** Folders of Upreel's that it does not see … */
  readonly hidden: readonly string[];
  /** … but for these in them. */
  readonly shown: readonly string[];
}

/** How plugins are kept apart from the rest of the machine. */
export interface Sandbox {
  readonly kind: "bubblewrap" | "none";
  /** Why there is none, and what to do about it. */
  readonly missing: string | undefined;
  /** The command as it is really run. */
  wrap(command: readonly string[], reach: Reach): readonly [string, ...string[]];
}

/** A plugin that fills the memory is refused more before the machine has none left. */
const MOST_MEMORY_BYTES = 4 * 1024 ** 3;
const BOUNDED = ["prlimit", `--data=${MOST_MEMORY_BYTES}`, "--core=0", "--"] as const;
/** Ends with the gateway, also when that is killed; bubblewrap does this by itself. */
const BOUND_TO_US = ["setpriv", "--pdeathsig", "KILL", "--"] as const;

const LONGEST_STEP_BACK = 10;

/**
 * Where the kernel groups processes by session (man 7 sched, "autogroup"), `nice` weighs within one alone, and a
 * plugin leads one of its own: that has to stand behind the others as well. Not as far: beside one that is never
 * idle, a session at 10 has a tenth of a core, one at 19 a seventieth, in which a plugin does not even start.
 */
const standBehind = (niceness: number): readonly [string, ...string[]] => [
  ...(["sh", "-c"] as const),
  `{ read -r _ _ _ _ _ session _ </proc/$$/stat
     [ "$session" = $$ ] && echo ${Math.min(niceness, LONGEST_STEP_BACK)} >/proc/$$/autogroup; } 2>/dev/null
   exec nice -n ${niceness} "$@"`,
  "sh",
];

const TRIAL_MS = 30_000;

/** All of the disk to read, nothing to write, no network, no other processes to see. */
const bubblewrapArguments = ({ writable, hidden, shown }: Reach): readonly string[] => [
  ...["bwrap", "--die-with-parent", "--unshare-net", "--unshare-pid", "--unshare-ipc"],
  ...["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"],
  ...hidden.flatMap((folder) => ["--tmpfs", folder]),
  ...shown.flatMap((folder) => ["--ro-bind", folder, folder]),
  ...writable.flatMap((folder) => ["--bind", folder, folder]),
  "--",
];

/** Tries out what this machine has. `niceness`: how far plugins stand behind all that somebody waits for. */
export async function openSandbox(signal: AbortSignal, niceness: number): Promise<Sandbox> {
  const works = async (command: readonly [string, ...string[]]): Promise<string | undefined> => {
    const bounds = { longestMs: TRIAL_MS, schema: z.unknown() };
    const { exitCode, how, stderr } = await runToEnd(
      { command: [...command, "true"], stderr: "tail", signal },
      bounds,
    );
    return exitCode === 0 ? undefined : stderr === "" ? how : stderr;
  };
  const before: string[] = [];
  for (const prefix of [standBehind(niceness), BOUNDED])
    if ((await works(prefix)) === undefined) before.push(...prefix);
  const [bwrap, ...rest] = bubblewrapArguments({ writable: [], hidden: [], shown: [] });
  const trouble = await works([bwrap ?? "", ...rest]);
  if (trouble === undefined) {
    return {
      kind: "bubblewrap",
      missing: undefined,
      wrap: (command, reach) => joined([...before, ...bubblewrapArguments(reach), ...command]),
    };
  }
  const bound = (await works(BOUND_TO_US)) === undefined ? BOUND_TO_US : [];
  const isThere = !/ENOENT|exit code undefined/.test(trouble);
  return {
    kind: "none",
    missing: isThere
      ? `bubblewrap does not work here: ${trouble.split("\n")[0]?.slice(0, 200)}`
      : "bubblewrap is not installed: plugins can read and write what Upreel can (apt install bubblewrap)",
    wrap: (command) => joined([...before, ...bound, ...command]),
  };
}

function joined([file, ...rest]: readonly string[]): readonly [string, ...string[]] {
  return [file ?? "", ...rest];
}
