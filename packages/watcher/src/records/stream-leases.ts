import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  leasesAway,
  streamElsewhere,
  type LeaseAnswer,
  type Leases,
  type StreamRecord,
} from "@upreel/core";
import { archiveFileName } from "./archive-name.ts";
import { recordFile } from "./record-file.ts";
import { archiveFolder, streamPaths } from "./stream-paths.ts";

/** The lease by which one of several gateways writes a stream's files. */
export interface HeldLease {
  /** Goes into the record, so that no later owner gets a lower one. */
  readonly fence: number;
  /** Nothing is written without it. */
  isHeld(): boolean;
}

type Taken =
  /** Undefined: there are no other gateways. */
  | { readonly kind: "own"; readonly lease: HeldLease | undefined }
  | Exclude<LeaseAnswer, { readonly kind: "own" }>
  | { readonly kind: "none" };

/** Takes streams for this gateway before anything is done in their folders. A gateway that is alone asks nobody. */
export function createStreamLeases(dataDir: string, given: Leases | undefined) {
  const leases = given?.isShared === true ? given : undefined;

  const takenBy = (id: string, { fence }: { readonly fence: number }): HeldLease => ({
    fence,
    isHeld: () => leases?.holds(id) !== false,
  });

  return {
    isShared: leases !== undefined,
    /** Takes a stream that lies on the disk. */
    async takeStored(id: string): Promise<Taken> {
      if (leases === undefined) return { kind: "own", lease: undefined };
      // Its record may be large, and whoever plays it asks for each segment.
      const owner = await leases.ownerOf(id);
      if (owner !== undefined) return { kind: "other", address: owner };
      const record = await recordFile(streamPaths(dataDir, id).record).readOrForget();
      if (record === undefined) return { kind: "none" };
      const answer = await leases.take(id, record.fence ?? 0);
      return answer.kind === "own" ? { kind: "own", lease: takenBy(id, answer) } : answer;
    },
    /** Takes a stream of which nothing is on the disk, or nothing that is kept. */
    async takeNew(id: string): Promise<HeldLease | undefined> {
      if (leases === undefined) return undefined;
      const answer = await leases.take(id, 0);
      if (answer.kind === "own") return takenBy(id, answer);
      throw answer.kind === "other" ? streamElsewhere(id) : leasesAway(id);
    },
    release: async (id: string): Promise<void> => leases?.release(id),
  };
}

export type StreamLeases = ReturnType<typeof createStreamLeases>;

/** Deletes the unfinished archive that the last owner of a stream left; other gateways write theirs into that folder at the same time. */
export async function deleteUnfinishedOf(
  dataDir: string,
  { id, title }: Pick<StreamRecord, "id" | "title">,
): Promise<void> {
  const folder = archiveFolder(dataDir);
  const begins = [archiveFileName(title, id), `${id}.ts`].map((name) => `${name}.`);
  for (const name of await readdir(folder).catch(() => []))
    if (name.endsWith(".part") && begins.some((begin) => name.startsWith(begin)))
      await rm(join(folder, name), { force: true });
}
