import { expect, it } from "vitest";
import { findCpuHierarchy, quotaOf, systemdRun } from "./cpu-group.ts";

const ROOT = "1 0 8:1 / / rw,relatime - ext4 /dev/root rw";
const SECOND = "31 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate";
const FIRST = "30 29 0:27 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct";
const OTHER = "32 29 0:28 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset";

it.each([
  ["the second version", [ROOT, SECOND], { folder: "/sys/fs/cgroup", version: 2 }],
  [
    "both, where the first has it",
    [ROOT, SECOND, OTHER, FIRST],
    { folder: "/sys/fs/cgroup/cpu,cpuacct", version: 1 },
  ],
  ["neither", [ROOT, OTHER], undefined],
])("groups that share the processor are found: %s", (_, lines, found) => {
  expect(findCpuHierarchy(lines.join("\n"))).toEqual(found);
});

it("a group gets two thirds of a core, as each version and systemd are told", () => {
  const folder = "/sys/fs/cgroup";
  expect(quotaOf({ folder, version: 2 }, 2 / 3)).toEqual({ "cpu.max": "13333 20000" });
  const first = { "cpu.cfs_period_us": "20000", "cpu.cfs_quota_us": "13333" };
  expect(quotaOf({ folder, version: 1 }, 2 / 3)).toEqual(first);
  expect(systemdRun(2 / 3)).toContain("CPUQuota=67%");
});
