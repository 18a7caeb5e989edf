import { execFile } from "node:child_process";
import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually } from "@upreel/testkit";
import { findCpuHierarchy, quotaOf, systemdRun, type CpuHierarchy } from "./cpu-group.ts";

const run = promisify(execFile);

/** Gives what is started behind its words a share of the processor. */
export interface SlowMachine extends AsyncDisposable {
  readonly command: readonly string[];
}

/** A share of the processor for processes that run already, and for what they start. */
export interface CpuGroup extends SlowMachine {
  take(pids: readonly number[]): Promise<void>;
}

/** A machine of so many cores, 0.67 say. As root by a control group, else by the user's systemd. */
export async function slowDown(cores: number): Promise<SlowMachine> {
  const found = findCpuHierarchy(await readFile("/proc/self/mountinfo", "utf8"));
  const problems: string[] = [];
  if (found === undefined) problems.push("no control groups are mounted");
  else
    try {
      return await openGroup(found, cores);
    } catch (error) {
      problems.push(String(error));
    }
  try {
    const command = systemdRun(cores);
    const [program = "", ...args] = command;
    await run(program, [...args, "true"]);
    return { command, async [Symbol.asyncDispose]() {} };
  } catch (error) {
    problems.push(String(error));
  }
  throw new Error(
    `nothing here can be slowed down: run it as root where ${found?.folder ?? "/sys/fs/cgroup"} can be written, ` +
      `or as a user whose systemd runs (loginctl enable-linger)\n  ${problems.join("\n  ")}`,
  );
}

/** The same as a control group of its own: for root alone. */
export async function openCpuGroup(cores: number): Promise<CpuGroup> {
  const found = findCpuHierarchy(await readFile("/proc/self/mountinfo", "utf8"));
  if (found === undefined) throw new Error("no control groups are mounted");
  return await openGroup(found, cores);
}

/** Of this process: each has a name of its own. */
let groups = 0;

async function openGroup(hierarchy: CpuHierarchy, cores: number): Promise<CpuGroup> {
  const { folder, version } = hierarchy;
  if (version === 2) await writeFile(join(folder, "cgroup.subtree_control"), "+cpu");
  groups += 1;
  const group = join(folder, `upreel-slow-${process.pid}-${groups}`);
  await mkdir(group);
  try {
    for (const [name, text] of Object.entries(quotaOf(hierarchy, cores)))
      await writeFile(join(group, name), text);
  } catch (error) {
    await rmdir(group);
    throw error;
  }
  const members = join(group, "cgroup.procs");
  return {
    // The shell goes in, and what it becomes stays there with all its children.
    command: ["sh", "-c", `echo $$ >"$0" && exec "$@"`, members],
    async take(pids) {
      // One at a time is what the kernel reads; one that has ended is not missed.
      for (const pid of pids) await writeFile(members, `${pid}`).catch(() => undefined);
    },
    async [Symbol.asyncDispose]() {
      await eventually("the end of all that ran slowly", async () => {
        const left = (await readFile(members, "utf8")).split("\n").filter((pid) => pid !== "");
        for (const pid of left) process.kill(Number(pid), "SIGKILL");
        return left.length === 0;
      });
      await rmdir(group);
    },
  };
}
