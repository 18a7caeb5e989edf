import type { Reason, RunEnd } from "@upreel/core";
import { describe, expect, it } from "vitest";
import { NO_LESSONS, forgetRuns, type Lessons } from "./lessons-so-far.ts";
import { judgeEnd, learn, type RunOutcome } from "./run-lessons.ts";
import { TIMELINE } from "./testing/films.ts";

const RUN = { kind: "make", fromSegment: 2, next: 4 } as const;
const PATH = "/films/a.mkv";
const LAST = { path: PATH, timeline: TIMELINE, goesOnAfter: () => false };
const GOES_ON = { ...LAST, goesOnAfter: () => true };

const failed = (code: Reason["code"], wasKilled = false): RunEnd => ({
  ...{ why: "failed", frames: 0, wasKilled },
  reason: { code, message: code },
});
const outcome = (end: RunEnd, more: Partial<RunOutcome> = {}): RunOutcome => ({
  ...{ end, summary: { published: [], rejected: [] }, isDeliberate: false },
  ...more,
});
const published = { summary: { published: [2], rejected: [] } };

const after = (changes: Partial<Lessons>): Lessons => ({ ...NO_LESSONS, ...changes });

describe("the end of a run teaches", () => {
  it.each<[string, Lessons, RunOutcome, Partial<Lessons>, string[]]>([
    [
      "nothing when it made its segments",
      after({ fruitless: 2, killed: 3 }),
      outcome({ why: "finished", frames: 24 }, published),
      { fruitless: 0, killed: 0 },
      [],
    ],
    [
      "nothing when it was ended on purpose",
      after({ fruitless: 2 }),
      outcome({ why: "cancelled", frames: 0 }, { isDeliberate: true }),
      { fruitless: 2 },
      [],
    ],
    ["to count", NO_LESSONS, outcome(failed("worker_lost")), { fruitless: 1 }, ["warn"]],
    [
      "to fall back before the last try",
      after({ fruitless: 1 }),
      outcome(failed("worker_lost")),
      { fruitless: 2 },
      ["warn", "fall-back"],
    ],
    [
      "to give up",
      after({ fruitless: 2 }),
      outcome(failed("worker_lost")),
      { fruitless: 3 },
      ["warn", "give-up"],
    ],
    [
      "to give up where it claims to have gone well",
      after({ fruitless: 2 }),
      outcome({ why: "finished", frames: 24 }),
      { fruitless: 3 },
      ["give-up"],
    ],
    [
      "to be more patient with what somebody else killed",
      after({ killed: 4 }),
      outcome(failed("worker_lost", true)),
      { killed: 5 },
      ["warn"],
    ],
    [
      "to fall back at half of that",
      after({ killed: 5 }),
      outcome(failed("worker_lost", true)),
      { killed: 6 },
      ["warn", "fall-back"],
    ],
    [
      "to give up at last",
      after({ killed: 11 }),
      outcome(failed("worker_lost", true)),
      { killed: 12 },
      ["warn", "give-up"],
    ],
    [
      "to give up at once without a disk",
      NO_LESSONS,
      outcome(failed("disk_full"), published),
      {},
      ["warn", "give-up"],
    ],
    [
      "to give up at once where the source is another one",
      NO_LESSONS,
      outcome(failed("source_changed"), published),
      {},
      ["warn", "give-up"],
    ],
    [
      "to wait for its source, which is nobody's failure",
      after({ fruitless: 2 }),
      outcome(failed("source_unavailable")),
      { fruitless: 2 },
      ["wait"],
    ],
    [
      "to say that the source is damaged",
      after({ fruitless: 2 }),
      outcome(failed("source_damaged")),
      { fruitless: 2 },
      ["warn", "note"],
    ],
    [
      "to cut the film",
      after({ fruitless: 2 }),
      outcome({ why: "source_truncated", frames: 6 }),
      { fruitless: 0 },
      ["cut"],
    ],
    [
      "to encode sound that was missing",
      NO_LESSONS,
      outcome(
        { why: "finished", frames: 24 },
        {
          summary: {
            published: [2],
            rejected: [{ segment: 3, reason: { code: "sound_missing", message: "no sound" } }],
          },
        },
      ),
      { encodesSound: true },
      ["warn"],
    ],
  ])("%s", (_, before, ended, changes, what) => {
    const taught = learn(before, RUN, ended, LAST);
    expect(taught.lessons).toEqual({ ...before, ...changes });
    expect(taught.what.map(({ kind }) => kind)).toEqual(what);
  });

  it("that a decoder which fails twice where the film goes on shows a still picture there", () => {
    const taught = learn(after({ fruitless: 1 }), RUN, outcome(failed("decoder_failed")), GOES_ON);
    expect([...taught.lessons.damaged]).toEqual([4]);
    expect(taught.what.at(-1)).toMatchObject({ kind: "note", reason: { code: "source_damaged" } });
  });

  it("where a film ends, and that one without a picture is none", () => {
    const end = (frames: number, fromSegment: number) =>
      learn(NO_LESSONS, { ...RUN, fromSegment }, outcome({ why: "source_truncated", frames }), LAST)
        .what;
    expect(end(6, 2)).toMatchObject([{ kind: "cut", timeline: { frameCount: 30 } }]);
    expect(end(0, 0)).toMatchObject([{ kind: "give-up", reason: { code: "source_unreadable" } }]);
  });

  it("that nothing is made again after a remake came to nothing, which is no failure", () => {
    const remake = { ...RUN, kind: "remake" } as const;
    for (const ended of [
      outcome(failed("worker_lost")),
      outcome({ why: "finished", frames: 24 }),
    ]) {
      const { lessons } = learn(NO_LESSONS, remake, ended, LAST);
      expect(lessons).toEqual(after({ canRemake: false }));
    }
    const parted = outcome({ why: "cancelled", frames: 0 }, { isDeliberate: true });
    expect(learn(NO_LESSONS, remake, parted, LAST).lessons).toEqual(NO_LESSONS);
  });
});

describe("a run that finds no more pictures", () => {
  const END: RunEnd = { why: "source_truncated", frames: 6 };

  it("is believed when the next one finds the same", () => {
    const first = judgeEnd(NO_LESSONS, RUN, END, LAST);
    expect(first.end).toMatchObject({ why: "failed", reason: { code: "source_truncated" } });
    const other = judgeEnd(first.lessons, RUN, { ...END, frames: 8 }, LAST);
    expect(other.end.why).toBe("failed");
    expect(judgeEnd(other.lessons, RUN, { ...END, frames: 8 }, LAST).end.why).toBe(END.why);
  });

  it("has met damage where the film goes on", () => {
    const { lessons, end } = judgeEnd(NO_LESSONS, RUN, END, GOES_ON);
    expect(end).toMatchObject({ why: "failed", reason: { code: "source_damaged" } });
    expect([...lessons.damaged]).toEqual([2]);
  });

  it.each([LAST, GOES_ON])("still says how many pictures were decoded for what is made", (film) => {
    const end: RunEnd = { ...END, decoded: [24, 24] };
    expect(judgeEnd(NO_LESSONS, RUN, end, film).end.decoded).toEqual([24, 24]);
  });

  it("is not asked about when it ended otherwise", () => {
    const end: RunEnd = { why: "finished", frames: 24 };
    expect(judgeEnd(NO_LESSONS, RUN, end, GOES_ON)).toEqual({ lessons: NO_LESSONS, end });
  });
});

it("a stream that begins anew forgets its runs, not what is wrong with its source", () => {
  const known = { encodesSound: true, damaged: new Set([3]), seenEnd: 40 };
  expect(forgetRuns({ ...known, fruitless: 2, killed: 4, canRemake: false })).toEqual(after(known));
});
