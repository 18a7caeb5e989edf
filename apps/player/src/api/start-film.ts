import type { Film, TriggerAnswer } from "@upreel/core";
import { call } from "./gateway.ts";

/** Has a film upscaled. One that is too slow to watch live is made ahead of time; the original plays meanwhile. */
export const startFilm = ({ path, title, badge }: Film): Promise<TriggerAnswer> =>
  call<TriggerAnswer>("upscale-trigger", {
    method: "POST",
    body: { path, title, ...(badge.kind === "later" ? { priority: "background" } : {}) },
  });
