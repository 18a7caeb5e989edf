import type { Setting } from "@upreel/core";
import { expect, it } from "vitest";
import { groupSettings } from "./setting-groups.ts";

it("settings that matter come first, and none is lost", () => {
  const names = ["LOG_LEVEL", "PORT", "MODEL", "NEW_ONE", "MEDIA_ROOTS"];
  const groups = groupSettings(names.map((name) => ({ name }) as Setting));
  expect(groups.map(([group, found]) => [group, found.map(({ name }) => name)])).toEqual([
    ["films", ["MEDIA_ROOTS", "MODEL"]],
    ["access", ["PORT"]],
    ["advanced", ["LOG_LEVEL", "NEW_ONE"]],
  ]);
});
