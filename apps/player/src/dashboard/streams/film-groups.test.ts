import { signal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { expect, it } from "vitest";
import { countFilms, groupByFilm, movableIn } from "./film-groups.ts";

it("films come in the order of their first streams, versions in the order in which they were started", () => {
  const streams = [
    { id: "new", film: "heat", wanted_at: 9 },
    { id: "alone", film: "alien", wanted_at: 1 },
    { id: "old", film: "heat", wanted_at: 2 },
  ];
  expect([...groupByFilm(streams)]).toEqual([
    ["heat", ["old", "new"]],
    ["alien", ["alone"]],
  ]);
});

it("versions of a film that wait are moved in the order of the queue, whichever was started first", () => {
  const version = (id: string, state: StreamStatus["state"]) => ({
    status: signal({ id, state, viewers: 0 } as StreamStatus),
    history: () => ({ atSeconds: [], fps: [], leadSeconds: [] }),
  });
  const versions = () => [
    ...[version("old", "queued"), version("new", "queued"), version("done", "complete")],
  ];
  const ids = signal(["new", "alien", "old", "done"]);
  expect(movableIn({ ids, versions }, "heat")).toEqual(["new", "old"]);
});

it("a film counts once, by what its versions come to", () => {
  const films = [
    ["complete", "running"],
    ["queued", "failed"],
    ["complete", "failed"],
    ["failed"],
    ["paused"],
  ] as const;
  expect(countFilms(films)).toEqual([1, 1, 1, 1]);
});
