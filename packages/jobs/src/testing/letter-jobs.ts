import type { JobKind } from "@upreel/core";
import { z } from "zod";

/** A kind of job for tests. */
export const LETTERS: JobKind<{ letter: string }, { done: number }, { word: string }> = {
  name: "letters",
  data: z.object({ letter: z.string() }),
  progress: z.object({ done: z.number() }),
  result: z.object({ word: z.string() }),
  ...{ atATime: 1, tries: 3, backOffMs: 1 },
  isWorthAgain: ({ code }) => code === "download_failed",
};
