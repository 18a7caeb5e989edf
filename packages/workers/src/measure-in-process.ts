import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { makeScratchFolder } from "@upreel/media";
import { execa } from "execa";
import {
  rungMeasurementSchema,
  type ModelSpec,
  type Rung,
  type RungMeasurement,
} from "@upreel/core";

/** One network on one provider that is to be tried. */
export interface MeasureTask {
  readonly rung: Rung;
  /** The fp32 version of an int8 network, which it must agree with. */
  readonly twin?: ModelSpec | undefined;
}

/** A network that is tried for so long hangs; slow ones are timed by one frame of 320×180. */
const LONGEST_MS = 60_000;

/**
 * Tries networks in processes of their own and gives each result as it comes. One that kills its process
 * or hangs is told as refused, and the rest goes on in a new one. Never rejects but for `signal`.
 */
export async function* measureInProcess(
  tasks: readonly MeasureTask[],
  signal: AbortSignal,
  script = fileURLToPath(new URL("../../../apps/worker/src/measure-rungs.ts", import.meta.url)),
): AsyncGenerator<RungMeasurement> {
  let left = tasks;
  while (left.length > 0) {
    const end = { got: "" };
    for await (const measured of measureUntilEnd([script, JSON.stringify(left)], end, signal)) {
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
  signal: AbortSignal,
): AsyncGenerator<RungMeasurement> {
  const folder = await makeScratchFolder(tmpdir(), "upreel-measure-");
  const child = execa(process.execPath, command, {
    // What a proof run writes down stays behind when its process is killed.
    env: { TMPDIR: folder },
    stdin: "ignore",
    stderr: "ignore",
    reject: false,
    buffer: false,
    cancelSignal: signal,
    killSignal: "SIGKILL",
  });
  const kill = (): void => void child.kill("SIGKILL");
  let deadline = setTimeout(kill, LONGEST_MS);
  try {
    for await (const line of child) {
      clearTimeout(deadline);
      deadline = setTimeout(kill, LONGEST_MS);
      const measured = rungMeasurementSchema.safeParse(parseJson(line));
      // Drivers print, too.
      if (measured.success) yield measured.data;
    }
  } catch {
    // How it ended is told by its result.
  } finally {
    clearTimeout(deadline);
  }
  const result = await child;
  await rm(folder, { recursive: true, force: true });
  end.got =
    result.signal === undefined ? `exit code ${result.exitCode}` : `killed by ${result.signal}`;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
