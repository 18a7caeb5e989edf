import { signal } from "@preact/signals";
import { expect, it } from "vitest";
import { createSubtitles } from "./subtitles.ts";

const track = (index: number, name: string, more: object) => ({
  ...{ index, codec: "", name, language: null, is_default: false, is_forced: false },
  ...{ url: "/a.vtt", reason: null, reason_told: null, drawn: null, ...more },
});
const TRACKS = [
  track(2, "English", {}),
  track(3, "Signs", { is_default: true, drawn: { format: "ass" as const, url: "/3.drawn" } }),
  track(4, "Deutsch", { url: null, reason: "…", drawn: { format: "pgs" as const, url: "/4" } }),
  track(5, "DVD", { url: null, reason: "its subtitles are pictures" }),
];

async function open(choice: string | null) {
  const wanted = signal(choice);
  const load = () => Promise.resolve({ subtitles: TRACKS });
  const made = createSubtitles("one", wanted, new AbortController().signal, load);
  await made.refresh();
  return { wanted, ...made };
}

it("what can be shown as text or drawn is offered, the rest says why not", async () => {
  const { tracks, missing } = await open(null);
  expect(tracks.value.map(({ name }) => name)).toEqual(["English", "Signs", "Deutsch"]);
  expect(missing.value.map(({ name }) => name)).toEqual(["DVD"]);
});

it("the film's own choice is shown until the viewer chooses; a name that this film has not is none", async () => {
  const { wanted, chosen, drawn } = await open(null);
  expect([chosen.value, drawn.value?.index]).toEqual(["Signs", 3]);
  wanted.value = "English";
  expect([chosen.value, drawn.value]).toEqual(["English", undefined]);
  for (const none of ["", "Suomi", "DVD"]) {
    wanted.value = none;
    expect([chosen.value, drawn.value]).toEqual(["", undefined]);
  }
});

it("a track's text gives way when what was drawn is shown, and comes back with another track", async () => {
  const { wanted, isDrawn, noteDrawn } = await open("Signs");
  expect(isDrawn.value).toBe(false);
  noteDrawn(true);
  expect(isDrawn.value).toBe(true);
  wanted.value = "Deutsch";
  expect(isDrawn.value).toBe(false);
});
