import type { JobPriority } from "@upreel/core";
import { z } from "zod";

/** The id under which the server has a job: a colon parts its keys, and a name of a file may be no Unicode. */
export const keyOf = (id: string): string =>
  `job-${encodeURIComponent(JSON.stringify(id).slice(1, -1))}`;

/** The id of a job of ours; jobs of a schedule are called `repeat:<id>:<time>`. */
export function idOfKey(key: string): string {
  const [first, scheduler] = key.split(":");
  const own = (first === "repeat" ? (scheduler ?? "") : key).replace(/^job-/, "");
  return z.string().parse(JSON.parse(`"${decodeURIComponent(own)}"`));
}

/** BullMQ takes the lowest number first, but for 0, which is no priority and comes before all. */
export const RANKS: Readonly<Record<JobPriority, number>> = { asked: 1, usual: 2, idle: 3 };
