import { signal } from "@preact/signals";
import { expect, it } from "vitest";
import { chosenAudio } from "./choose-tracks.ts";

const track = (id: number, name: string) => ({ id, name, language: undefined });
const TRACKS = [track(0, "English"), track(1, "Français")];

it("the menu shows the sound that was chosen while it loads; of one that this film does not have, what plays", () => {
  const picture = { audioTracks: signal(TRACKS), audio: signal(0) };
  const shown = (wanted: string | null): string => chosenAudio(picture, wanted);
  expect(["Français", "Suomi", null].map(shown)).toEqual(["Français", "English", "English"]);
  picture.audio.value = 1;
  expect(["English", "Suomi", null].map(shown)).toEqual(["English", "Français", "Français"]);
  picture.audio.value = -1;
  expect(shown(null)).toBe("");
});
