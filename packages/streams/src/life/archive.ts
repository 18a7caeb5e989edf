import { segmentStartSeconds, type Reason, type StreamRecord } from "@upreel/core";
import { unevenTracks } from "../uneven-tracks.ts";
import { commit } from "./commit.ts";
import type { Answer } from "./events.ts";
import { lastingReason, withReason } from "./record.ts";
import { settle } from "./settle.ts";
import type { State } from "./state.ts";
import { inOrder, stay, type Seen, type Step } from "./step.ts";

const isArchiving = ({ phase }: State): boolean =>
  phase.kind === "working" && phase.step.at === "archiving";

/** The film is joined, even if the stream is being stopped by now. */
export function keepArchive(
  state: State,
  { archive, lacks }: Extract<Answer, { kind: "archived" }>,
): Step {
  if (!isArchiving(state)) return stay(state);
  const { path, offsets, soundless } = archive;
  const reason = whatIsMissing(state.record, lacks) ?? whereSilent(state.record, soundless);
  // What was decoded is compared now.
  const { decoded: _, ...known } = withReason(state.record, reason);
  const record: StreamRecord = {
    ...known,
    ...{ state: "complete", archive: path },
    ...(offsets === undefined ? {} : { archiveOffsets: [...offsets] }),
  };
  // One save that may fail: only a record on the disk makes the segments' own files superfluous.
  return commit({ kind: "archive", path })({ ...state, record });
}

/** And the disk knows it. */
export function complete(state: State, path: string, seen: Seen): Step {
  if (!isArchiving(state)) return stay(state);
  const message = `${state.record.title}: complete, ${path}`;
  return inOrder(
    { ...state, phase: { kind: "resting", state: "complete" } },
    (done) => stay(done, { kind: "log", level: "info", message }),
    settle(seen),
  );
}

/** What is known of the source goes before what was found in the film. */
function whatIsMissing(record: StreamRecord, lacks: Reason | undefined): Reason | undefined {
  const { source, timeline, output, reason } = record;
  // Told anew of each film that is made.
  const isFoundAgain = reason?.code === "film_incomplete" || reason?.code === "source_uneven";
  const known = isFoundAgain ? undefined : lastingReason(record);
  if (source === undefined || timeline === undefined || output === undefined) return known;
  return known ?? lacks ?? unevenTracks(record);
}

/** Segments that were made before each one's sound was looked at may have none. */
function whereSilent(
  { timeline, output }: StreamRecord,
  soundless: readonly number[],
): Reason | undefined {
  const [first] = soundless;
  if (timeline === undefined || output === undefined || first === undefined) return undefined;
  const seconds = segmentStartSeconds(timeline, first);
  const at = new Date(Math.floor(seconds) * 1_000).toISOString().slice(11, 19);
  return {
    code: "film_incomplete",
    message: `the film has segments in which its sound breaks off, first segment ${first}, at ${at}`,
    expected: "sound from the start of each segment to its end",
    got: `${soundless.length} without`,
  };
}
