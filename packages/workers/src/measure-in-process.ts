import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { makeScratchFolder } from "@upreel/media";
import {
  rungMeasurementSchema,
  type ModelSpec,
  type Rung,
  type RungMeasurement,
} from "@upreel/core";
import { parseLine, readLines } from "@upreel/processes";

/** One network on one provider that is to be tried. */
export interface MeasureTask {
  readonly rung: Rung;
  /** The fp32 version of an int8 network, which it must agree with. */
  readonly twin?: ModelSpec | undefined;
}

/**
 * A network that is tried for so long hangs: alone it takes seconds, but it is tried at low priority beside whatever the
 * machine does, and a driver that compiles its first shaders was refused after a minute of that. Nobody waits for it.
 */
const LONGEST_MS = 300_000;

/**
 * Tries networks in processes of their own and gives each result as it comes. One that kills its process
 * or hangs is told as refused, and the rest goes on in a new one. Never rejects but for `signal`.
 */
export async function* measureInProcess(
  tasks: readonly MeasureTask[],
  signal: AbortSignal,
  script = fileURLToPath(new URL("../../../apps/worker/src/measure-rungs.ts", import.meta.url)),
  longestMs = LONGEST_MS,
): AsyncGenerator<RungMeasurement> {
  let left = tasks;
  while (left.length > 0) {
    const end = { got: "" };
    const command = [script, JSON.stringify(left)];
    for await (const measured of measureUntilEnd(command, end, { signal, longestMs })) {
      left = left.slice(1);
      yield measured;
    }
    signal.throwIfAborted();
    const [fatal] = left;
    if (fatal === undefined) return;
    left = left.slice(1);
    yield { ...nameOf(fatal), measurement: { outcome: "refused", reason: lost(fatal, end.got) } };
  }
}

const nameOf = ({ rung: { model, provider } }: MeasureTask) => ({ model: model.id, provider });

const lost = ({ rung }: MeasureTask, got: string) => ({
  code: "worker_lost" as const,
  message: `${rung.provider} ended the process that tried ${rung.model.id} on it`,
  expected: "a measurement",
  got,
});

/** One process, until it has told all or is gone; `end.got` says how it went. */
async function* measureUntilEnd(
  command: readonly string[],
  end: { got: string },
  { signal, longestMs }: { readonly signal: AbortSignal; readonly longestMs: number },
): AsyncGenerator<RungMeasurement> {
  const folder = await makeScratchFolder(tmpdir(), "upreel-measure-");
  try {
    const lines = readLines(
      {
        command: [process.execPath, ...command],
        // What a proof run writes down stays behind when its process is killed.
        ...{ env: { TMPDIR: folder }, signal, stderr: "ignore" },
      },
      { silenceMs: longestMs },
    );
    for (;;) {
      const next = await lines.next();
      if (next.done === true) {
        const { how, isTimedOut } = next.value;
        end.got = isTimedOut ? `nothing for ${longestMs / 1_000} s: it hangs` : how;
        return;
      }
      // Drivers print, too.
      const measured = parseLine(next.value, rungMeasurementSchema);
      if (measured !== undefined) yield measured;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
