import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** `session.json` of one transcode. */
export const sessionSchema = z.object({
  id: z.string(),
  started_at: z.string(),
  path: z.string().nullable(),
  /** `left`: it was not tried; `original`: it was, and Jellyfin's own command was run; `plain`: begun by Upreel, ended without. */
  outcome: z.enum(["running", "left", "original", "upscaled", "plain"]),
  reason: z.string().nullable(),
  /** Until the first segment was there. */
  first_segment_seconds: z.number().nullable(),
  seconds: z.number().nullable(),
  /** Of the film, made with Upreel. */
  segments: z.int(),
});
export type Session = z.infer<typeof sessionSchema>;

/** The folder of one transcode: what was ordered, what became of it, and what ffmpeg said. */
export interface SessionRecord {
  note(line: string): void;
  /** What ffmpeg writes to stderr. */
  keep(chunk: Buffer): void;
  /** The first segment can be played. */
  noteFirst(seconds: number): void;
  set(change: Partial<Session>): void;
}

const MOST_SESSIONS = 50;
const MOST_LOG_BYTES = 1_000_000;

/** Nothing that fails here keeps a film from playing. */
export function openSession(folder: string, words: readonly string[], now: Date): SessionRecord {
  const id = `${now.toISOString().replaceAll(/[:.]/g, "-")}-${process.pid}`;
  const own = join(folder, id);
  let left = MOST_LOG_BYTES;
  let session: Session = {
    ...{ id, started_at: now.toISOString(), path: null, outcome: "running", reason: null },
    ...{ first_segment_seconds: null, seconds: null, segments: 0 },
  };
  quietly(() => {
    mkdirSync(own);
    writeFileSync(join(own, "command.json"), JSON.stringify(words, null, 1));
    const known = readdirSync(folder).toSorted();
    for (const old of known.slice(0, -MOST_SESSIONS))
      rmSync(join(folder, old), { recursive: true, force: true });
  });
  const write = (chunk: Buffer | string): void => {
    const part = chunk.slice(0, left);
    left -= part.length;
    if (part.length > 0) quietly(() => appendFileSync(join(own, "ffmpeg.log"), part));
  };
  const set = (change: Partial<Session>): void => {
    session = { ...session, ...change };
    quietly(() => writeFileSync(join(own, "session.json"), JSON.stringify(session, null, 1)));
  };
  set({});
  return {
    ...{ set, keep: write },
    note: (line) => write(`upreel: ${line}\n`),
    noteFirst: (seconds) => {
      if (session.first_segment_seconds === null) set({ first_segment_seconds: seconds });
    },
  };
}

function quietly(write: () => void): void {
  try {
    write();
  } catch {
    // A full or foreign disk: the film plays without its record.
  }
}
