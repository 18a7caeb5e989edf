import { expect, it } from "vitest";
import { choosePlayMode, chooseStart, parsePlayRules, parseStartRules } from "./play-rules.ts";

const RULES =
  parsePlayRules(
    "user=Kids:off; client=Jellyfin Android TV:ask; library=/media/anime:offer; library=Old Films: automatic; ask",
  ) ?? [];

it.each([
  [{ userName: "kids" }, "off"],
  [{ userName: "root", client: "jellyfin android tv" }, "ask"],
  [{ device: "Jellyfin Android TV" }, "ask"],
  [{ path: "/media/anime/x.mkv" }, "offer"],
  [{ path: "/media/animes/x.mkv" }, "ask"],
  [{ library: "Old Films", path: "/media/old/x.mkv" }, "automatic"],
  [{}, "ask"],
])("%j plays as %s", (situation, mode) => {
  expect(choosePlayMode(RULES, situation)).toBe(mode);
});

it("a rule that names several things needs all of them", () => {
  const rules = [{ user: "kids", client: "TV", mode: "off" }] as const;
  expect(choosePlayMode(rules, { userName: "kids", client: "TV" })).toBe("off");
  expect(choosePlayMode(rules, { userName: "kids", client: "Web" })).toBe("automatic");
});

it("text that is no rule is refused", () => {
  for (const text of ["sometimes", "user=kids", "colour=red:off", "user=:off"])
    expect([text, parsePlayRules(text)]).toEqual([text, undefined]);
  expect(parsePlayRules("")).toEqual([]);
});

it("how playing begins has rules of the same form", () => {
  const rules = parseStartRules("client=Jellyfin Roku:original; upscaled") ?? [];
  expect(chooseStart(rules, { client: "Jellyfin Roku" })).toBe("original");
  expect(chooseStart(rules, { client: "Jellyfin Web" })).toBe("upscaled");
  expect(parseStartRules("client=Jellyfin Roku:off")).toBeUndefined();
});
