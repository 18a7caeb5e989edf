import type { JobPriority } from "@upreel/core";
import { z } from "zod";

/** The id under which the server has a job: a colon parts its keys, and a name of a file may be no Unicode. */
export const keyOf = (id: string): string =>
  `job-${encodeURIComponent(JSON.stringify(id).slice(1, -1))}`;

export const idOfKey = (key: string): string =>
  z.string().parse(JSON.parse(`"${decodeURIComponent(key.replace(/^job-/, ""))}"`));

/** BullMQ takes the lowest number first, but for 0, which is no priority and comes before all. */
export const RANKS: Readonly<Record<JobPriority, number>> = { asked: 1, usual: 2, idle: 3 };
