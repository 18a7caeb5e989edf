import { readFile } from "node:fs/promises";
import { diskSpace } from "@upreel/files";
import { availableParallelism, cpus, freemem, totalmem } from "node:os";
import type { Hardware } from "@upreel/core";

type Instructions = NonNullable<Hardware["cpu"]["instructions"]>;

/** What `flags` of /proc/cpuinfo says that networks gain from. */
export function readInstructions(cpuinfo: string): Instructions | null {
  const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(cpuinfo)?.[1];
  if (line === undefined) return null;
  const flags = new Set(line.split(/\s+/));
  return {
    avx2: flags.has("avx2"),
    avx512: flags.has("avx512f"),
    // ARM's are called asimddp and i8mm.
    vnni: ["avx512_vnni", "avx_vnni", "asimddp", "i8mm"].some((flag) => flags.has(flag)),
    amx: flags.has("amx_int8"),
  };
}

/** Processor, memory and disk of this machine, or of the container. */
export async function readHardware(dataDir: string, isContainer: boolean): Promise<Hardware> {
  const [cpuinfo, disk] = await Promise.all([
    readFile("/proc/cpuinfo", "utf8").catch(() => ""),
    diskSpace(dataDir).catch(() => undefined),
  ]);
  const limit = process.constrainedMemory() ?? 0;
  return {
    platform: process.platform,
    architecture: process.arch,
    cpu: {
      model: cpus()[0]?.model.trim() ?? "unknown",
      cores: availableParallelism(),
      instructions: readInstructions(cpuinfo),
    },
    memory: {
      total_bytes: totalmem(),
      free_bytes: freemem(),
      limit_bytes: limit > 0 && limit < totalmem() ? limit : null,
    },
    disk: disk === undefined ? null : { total_bytes: disk.totalBytes, free_bytes: disk.freeBytes },
    is_container: isContainer,
  };
}
