import { JOB_PRIORITIES, reasonSchema, type Log } from "@upreel/core";
import { JsonFile } from "@upreel/files";
import { z } from "zod";

const keptJobSchema = z.object({
  kind: z.string().max(100),
  id: z.string().max(5_000),
  data: z.unknown().optional(),
  priority: z.enum(JOB_PRIORITIES),
  /** Failed tries, and how often its gateway ended with it. */
  tries: z.int().nonnegative(),
  deaths: z.int().nonnegative(),
  /** Not before this moment, in milliseconds since 1970. */
  notBeforeMs: z.number(),
  state: z.enum(["waiting", "running", "done", "failed"]),
  result: z.unknown().optional(),
  reason: reasonSchema.optional(),
});
/** A job as it is kept. */
export type KeptJob = z.infer<typeof keptJobSchema>;

/** All jobs of a gateway, in one file. */
export interface JobFile {
  read(): Promise<readonly KeptJob[]>;
  /** Writes what `all` gives then. A disk that takes nothing costs the memory of a restart, not the jobs. */
  save(all: () => readonly KeptJob[]): Promise<void>;
}

export const NO_FILE: JobFile = { read: async () => [], save: async () => undefined };

export function openJobFile(path: string, log: Pick<Log, "warn">): JobFile {
  const file = new JsonFile(path, z.array(keptJobSchema), { isDurable: true });
  let isTold = false;
  const write = async (jobs: readonly KeptJob[]): Promise<void> => {
    try {
      await file.write([...jobs]);
      isTold = false;
    } catch (thrown) {
      if (!isTold) log.warn("Jobs cannot be saved; a restart would lose them", { thrown });
      isTold = true;
    }
  };
  let writing: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return {
    read: async () => (await file.readOrForget()) ?? [],
    save(all) {
      // All that change something while the file is written share the write after it.
      next ??= writing.then(() => {
        next = undefined;
        return (writing = write(all()));
      });
      return next;
    },
  };
}
