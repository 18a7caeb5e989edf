import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openPluginSettings } from "./plugin-settings.ts";

it("keeps both of two switches that are set at once", async () => {
  await using folder = await makeTempFolder();
  const settings = openPluginSettings(folder.path);
  await Promise.all([settings.setEnabled("a", false), settings.setEnabled("b", true, "/kids")]);
  const again = openPluginSettings(folder.path);
  expect([(await again.of("a")).isEnabled, (await again.of("b")).isEnabled]).toEqual([false, true]);
  await Promise.all([
    settings.setEnabled("a", false, "/kids"),
    settings.setEnabled("a", false, "/tv"),
  ]);
  expect((await again.of("a")).offIn).toEqual(["/kids", "/tv"]);
});
