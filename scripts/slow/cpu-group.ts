/** Where the kernel lets groups of processes be given a share of the processor. */
export interface CpuHierarchy {
  readonly folder: string;
  /** Of control groups. */
  readonly version: 1 | 2;
}

/** The period in which a group's share counts: a machine that is slow stands still in no longer ones. */
const PERIOD_MICROS = 20_000;

/** Finds it in `/proc/self/mountinfo` (proc_pid_mountinfo(5)). Where both versions are, the first has the processor. */
export function findCpuHierarchy(mountInfo: string): CpuHierarchy | undefined {
  const mounts = mountInfo.split("\n").map((line) => {
    const [before = "", after = ""] = line.split(" - ");
    const [type = "", , options = ""] = after.split(" ");
    return { folder: before.split(" ")[4] ?? "", type, options: options.split(",") };
  });
  const first = mounts.find(({ type, options }) => type === "cgroup" && options.includes("cpu"));
  if (first !== undefined) return { folder: first.folder, version: 1 };
  const second = mounts.find(({ type }) => type === "cgroup2");
  return second && { folder: second.folder, version: 2 };
}

/** What is written into which file of a group so that it gets so many cores' time, 0.67 say. */
export function quotaOf(
  { version }: CpuHierarchy,
  cores: number,
): Readonly<Record<string, string>> {
  const quota = Math.round(cores * PERIOD_MICROS);
  return version === 2
    ? { "cpu.max": `${quota} ${PERIOD_MICROS}` }
    : { "cpu.cfs_period_us": `${PERIOD_MICROS}`, "cpu.cfs_quota_us": `${quota}` };
}

/** The same of systemd's, for who may not make groups. */
export const systemdRun = (cores: number): readonly string[] => [
  ...["systemd-run", "--user", "--scope", "--quiet", "--collect"],
  ...["-p", `CPUQuota=${Math.round(cores * 100)}%`, "-p", `CPUQuotaPeriodSec=${PERIOD_MICROS}us`],
];
