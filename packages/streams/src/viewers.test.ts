import { describe, expect, it } from "vitest";
import { timelineOf } from "./testing/films.ts";
import { createViewers } from "./viewers.ts";

// Segments of half a second.
const TIMELINE = timelineOf(1_000);

const ALL: ReadonlySet<number> = new Set(Array.from({ length: 1_000 }, (_, k) => k));

function watch(ready = ALL) {
  const viewers = createViewers();
  return {
    ask: (client: string, segment: number, atSeconds: number) =>
      viewers.noteAsked(client, segment, TIMELINE, atSeconds * 1_000),
    report: (name: string, seconds: number, atSeconds: number, isPaused = false) =>
      viewers.report(name, { seconds, isPaused, plays: "stream" }, TIMELINE, atSeconds * 1_000),
    leave: (name: string, atSeconds: number): boolean => {
      viewers.leave(name, atSeconds * 1_000);
      return viewers.count(atSeconds * 1_000) > 0;
    },
    secondsOf: (name: string, atSeconds: number) =>
      viewers.secondsOf(name, { timeline: TIMELINE, ready }, atSeconds * 1_000),
    at: (atSeconds: number) =>
      viewers
        .positions({ timeline: TIMELINE, ready }, atSeconds * 1_000)
        .map(({ seconds }) => seconds),
  };
}

describe("the viewers of a stream", () => {
  it("are one for each client, wherever each is", () => {
    const { ask, at } = watch();
    ask("tv", 0, 0);
    ask("phone", 400, 0);
    ask("tv", 1, 1);
    expect(at(1)).toEqual([0.5, 200]);
  });

  it("are where they jumped to before they tell so, each by its name or its requests", () => {
    const { ask, report, secondsOf } = watch(new Set([0, 1, 2, 3]));
    ask("session", 0, 0);
    report("session", 0.2, 0);
    ask("phone", 2, 0);
    ask("session", 500, 1);
    expect(["session", "phone", "nobody"].map((name) => secondsOf(name, 1))).toEqual([
      ...[250, expect.any(Number), undefined],
    ]);
    report("session", 300, 2);
    expect(secondsOf("session", 2)).toBe(300);
  });

  it("follow a jump, and are not left behind where it began", () => {
    const { ask, at } = watch();
    for (const k of [0, 1, 2]) ask("mpv", k, 0);
    ask("mpv", 500, 1);
    expect(at(1)).toEqual([250]);
  });

  it("play the original as long as they say so, though the stream is loaded beside it", () => {
    const viewers = createViewers();
    const plays = (atMs: number) =>
      viewers.positions({ timeline: TIMELINE, ready: ALL }, atMs).map((each) => each.plays);
    viewers.noteAsked("page", 0, TIMELINE, 0);
    expect(plays(0)).toEqual(["stream"]);
    const original = { seconds: 0.2, isPaused: false, plays: "original" } as const;
    viewers.report("page", original, TIMELINE, 1_000);
    expect(plays(1_000)).toEqual(["original"]);
    viewers.noteAsked("page", 1, TIMELINE, 2_000);
    expect(plays(2_000)).toEqual(["original"]);
    viewers.noteAsked("page", 40, TIMELINE, 3_000);
    expect(plays(3_000)).toEqual(["stream"]);
  });

  it("pause until they go on, or ask for another place", () => {
    const viewers = createViewers();
    const isPaused = (atMs: number) =>
      viewers.positions({ timeline: TIMELINE, ready: ALL }, atMs).map((each) => each.isPaused);
    const report = { seconds: 3, plays: "original" } as const;
    viewers.report("page", { ...report, isPaused: true }, TIMELINE, 0);
    expect(isPaused(60_000)).toEqual([true]);
    viewers.report("page", { ...report, isPaused: false }, TIMELINE, 60_000);
    expect(isPaused(60_000)).toEqual([false]);
    viewers.report("page", { ...report, isPaused: true }, TIMELINE, 61_000);
    viewers.noteAsked("page", 40, TIMELINE, 62_000);
    expect(isPaused(62_000)).toEqual([false]);
  });

  it("play the original on through what is not made of the stream", () => {
    const viewers = createViewers();
    viewers.report("page", { seconds: 3, isPaused: false, plays: "original" }, TIMELINE, 0);
    const at = (atMs: number) =>
      viewers.positions({ timeline: TIMELINE, ready: new Set() }, atMs)[0]?.seconds;
    expect([at(0), at(9_000), at(60_000)]).toEqual([3, 12, 63]);
  });

  it("stand still at what is not made, though players ask for what comes after it", () => {
    const { ask, report, at } = watch(new Set([0, 2, 3]));
    ask("mpv", 0, 0);
    ask("mpv", 1, 1);
    ask("mpv", 2, 2);
    expect(at(9)).toEqual([0.5]);
    report("session", 400, 9);
    expect(at(12)).toEqual([0.5, 400]);
  });

  it("are one for a play session, whatever requests of before its jump are still held", () => {
    const { ask, report, at } = watch();
    report("session", 0, 0);
    for (const k of [0, 1, 2, 3]) ask("session", k, 0);
    ask("session", 500, 3);
    ask("session", 3, 4);
    expect(at(4)).toEqual([250]);
    ask("session", 4, 5);
    expect(at(5)).toEqual([2]);
  });

  it("who jump are where they jumped to, though their players report the old place until they get on", () => {
    const ready = new Set(Array.from({ length: 60 }, (_, k) => k));
    const { ask, report, at } = watch(ready);
    for (let k = 0; k < 50; k++) ask("session", k, 0);
    report("session", 10, 10);
    ask("session", 600, 14);
    expect(at(14)).toEqual([300]);
    report("session", 14, 16);
    expect(at(16)).toEqual([300]);
    ready.add(600);
    report("session", 300.4, 19);
    expect(at(19)).toEqual([300.4]);
    // Back at once, to what is in his player's buffer still.
    report("session", 20, 20);
    expect(at(20)).toEqual([20]);
  });

  it("are two when one client goes on in two places, as two players of one kind on one machine do", () => {
    const { ask, at } = watch();
    for (const k of [0, 1, 2]) ask("mpv", k, 0);
    ask("mpv", 500, 1);
    ask("mpv", 3, 2);
    ask("mpv", 501, 2);
    ask("mpv", 4, 3);
    expect(at(3).sort((a, b) => a - b)).toEqual([2, 250.5]);
  });

  it("are gone after two minutes of silence, and at once when they say so", () => {
    const { ask, at, leave } = watch();
    ask("tv", 0, 0);
    ask("phone", 400, 60);
    expect(at(119)).toHaveLength(2);
    expect(at(121)).toEqual([200]);
    expect(leave("phone", 122)).toBe(false);
    expect(at(122)).toEqual([]);
  });
});

describe("a reported position", () => {
  it("counts instead of the one that the requests show, and moves on by itself", () => {
    const { ask, report, at } = watch();
    for (let k = 0; k < 40; k++) ask("tv", k, 0);
    report("session", 3, 10);
    expect(at(10)).toEqual([3]);
    expect(at(12)).toEqual([5]);
  });

  it("stands still while the player is paused, and the viewer stays longer", () => {
    const { report, at } = watch();
    report("session", 60, 0, true);
    expect(at(600)).toEqual([60]);
    expect(at(1_801)).toEqual([]);
  });

  it("is not believed after a jump that is newer", () => {
    const { ask, report, at } = watch();
    for (const k of [0, 1, 2]) ask("tv", k, 0);
    report("session", 0.5, 0);
    ask("tv", 600, 5);
    expect(at(5)).toEqual([300]);
    report("session", 301, 6);
    expect(at(6)).toEqual([301]);
  });

  it("belongs to the viewer who asks for segments there, whichever comes first, and its leave removes that viewer", () => {
    const first = watch();
    first.ask("tv", 100, 0);
    first.ask("phone", 0, 0);
    first.report("session", 50, 1);
    expect(first.at(1).sort((a, b) => a - b)).toEqual([0, 50]);
    expect(first.leave("session", 2)).toBe(true);
    expect(first.at(2)).toEqual([0]);

    const second = watch();
    second.report("session", 50, 0);
    second.ask("tv", 104, 1);
    expect(second.at(1)).toHaveLength(1);
    expect(second.leave("session", 2)).toBe(false);
  });

  it("finds its viewer later when the first requests were elsewhere", () => {
    const { ask, report, at } = watch();
    report("session", 300, 0);
    ask("mpv", 0, 0);
    ask("mpv", 600, 1);
    report("session", 300, 2);
    expect(at(2)).toEqual([300]);
  });

  it("keeps two viewers of one film apart", () => {
    const { report, at } = watch();
    report("one", 10, 0);
    report("two", 400, 0);
    expect(at(1)).toEqual([11, 401]);
  });
});
