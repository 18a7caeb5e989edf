export type {
  Plan,
  Ladder,
  LadderRung,
  Planner,
  SpeedAt,
  SpeedNotes,
  WorkerProgress,
  WorkerRun,
  Workers,
} from "./ports.ts";
export type {
  OnStop,
  Streams,
  StreamEvent,
  TriggerRequest,
  TriggerResult,
  Whereabouts,
} from "./streams-api.ts";
export { REASONS_IN_VAIN, type InVain } from "./in-vain.ts";
export { foresee } from "./expectation.ts";
export { openingRung } from "./levels.ts";
export { createStreams } from "./streams.ts";
export type { StreamsDependencies, StreamsOptions } from "./streams-options.ts";
export { sourceGrowing } from "./growth/watch-growth.ts";
