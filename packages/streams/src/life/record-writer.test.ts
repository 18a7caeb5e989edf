import { makeRecordingLog } from "@upreel/testkit";
import { expect, it } from "vitest";
import { FakeFolder } from "../testing/fake-folder.ts";
import { timelineOf } from "../testing/films.ts";
import { MAKING, working } from "../testing/lives.ts";
import type { Answer } from "./events.ts";
import { createRecordWriter } from "./record-writer.ts";
import type { State } from "./state.ts";

const what = { kind: "cut" } as const;
const LONG = working(MAKING);

/** What a folder was asked for, in order. */
function makeWriter(first: State) {
  const folder = new FakeFolder();
  const log = makeRecordingLog();
  const done: string[] = [];
  const answers: Answer[] = [];
  const world = { state: first, answers, done, log, saving: () => Promise.resolve() };
  folder.save = async (record) => {
    done.push(`save ${record.timeline?.frameCount}`);
    await world.saving();
    done.push("saved");
  };
  folder.setTimeline = async ({ frameCount }) => void done.push(`set ${frameCount}`);
  folder.discardFrom = async (k) => void done.push(`discard ${k}`);
  const writer = createRecordWriter({
    ...{ folder, log },
    now: () => world.state,
    send: (answer) => void answers.push(answer),
  });
  return Object.assign(world, { writer });
}
const shorter: State = { ...LONG, record: { ...LONG.record, timeline: timelineOf(5) } };

it("sets a timeline once the record that says it is saved, and deletes before that what is not of it", async () => {
  const { writer, done, answers } = makeWriter(shorter);
  await writer.commit({ kind: "commit", life: 1, what, discardFrom: 5, setsTimeline: true });
  expect(done).toEqual(["discard 5", "save 60", "saved", "set 60"]);
  expect(answers).toEqual([{ kind: "committed", life: 1, what }]);
});

it("commits one after the other, each what is so by then", async () => {
  const world = makeWriter(LONG);
  const first = world.writer.commit({ kind: "commit", life: 1, what, setsTimeline: true });
  const second = world.writer.commit({ kind: "commit", life: 1, what, setsTimeline: true });
  await first;
  world.state = shorter;
  await second;
  expect(world.done).toEqual(["save 120", "saved", "set 120", "save 60", "saved", "set 60"]);
});

it("sets no timeline that could not be saved, and goes on with the next one", async () => {
  const world = makeWriter(shorter);
  world.saving = () => Promise.reject(new Error("no disk"));
  await world.writer.commit({ kind: "commit", life: 1, what, setsTimeline: true });
  world.saving = () => Promise.resolve();
  await world.writer.commit({ kind: "commit", life: 1, what });
  expect(world.done).toEqual(["save 60", "save 60", "saved"]);
  expect(world.answers).toMatchObject([
    { kind: "failed", life: 1, error: { message: "no disk" } },
    { kind: "committed" },
  ]);
});

it("answers after a save in the background, even one that failed", async () => {
  const world = makeWriter(LONG);
  world.saving = () => Promise.reject(new Error("no disk"));
  const answer: Answer = { kind: "rested", life: 1, state: "failed" };
  await world.writer.save(answer);
  expect(world.answers).toEqual([answer]);
  expect(world.log.entries).toMatchObject([{ level: "error" }]);
});
