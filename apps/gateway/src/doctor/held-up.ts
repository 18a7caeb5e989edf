import { HELP_FOR_STAGE, type Finding, type StreamView } from "@upreel/core";
import { note } from "./findings.ts";

/** Which part of each run holds it up now, as it measures itself. */
export const heldUp = (streams: readonly Pick<StreamView, "title" | "stages">[]): Finding[] =>
  streams.flatMap(({ title, stages }) =>
    stages === undefined ? [] : [note("speed", `${title}: ${HELP_FOR_STAGE[stages.heldUpBy]}`)],
  );
