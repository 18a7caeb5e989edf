import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeClip } from "@upreel/testkit";
import { expect, it } from "vitest";
import { startTestApp } from "../apps/gateway/src/testing/start-app.ts";
import { writePlugin } from "../packages/scan/src/testing/write-plugin.ts";
import { axeFindings } from "./support/accessibility.ts";
import { openPage } from "./support/chromium.ts";
import { cutTexts } from "./support/layout.ts";

const PAGES = fileURLToPath(new URL("../apps/player/dist", import.meta.url));
/** Finds a part in a film, and says so in its log; of a film called "bad" it tells what cannot be. */
const FINDER = `
methods["mediaScan.scanSingle"] = (id, { file }) => {
  process.stderr.write("looked at " + file.path + "\\n");
  const endTime = file.path.includes("bad") ? 9e4 : 1;
  answer(id, { chapters: [{ fileId: file.fileId, role: "intro", startTime: 0, endTime }],
    skipped: [{ fileId: file.fileId, reason: "too_short" }] });
};
begin()`;

it("the page of plugins says what each may and did and what is wrong with one, switches it and shows its log", async () => {
  await using app = await startTestApp({}, undefined, { pagesFolder: PAGES });
  const plugins = join(app.dataDir, "plugins");
  await writePlugin(plugins, "finder", FINDER, {
    ...{ name: "Finder", description: "finds what is <b>not</b> there" },
    ...{ capabilities: ["media-scan", "convert"], subscriptions: { events: ["film.finished"] } },
  });
  await writePlugin(plugins, "series", FINDER, { name: "Series", mediaTypes: ["tv"] });
  await mkdir(join(plugins, "wrong"));
  const wrong = { id: "wrong", name: "Wrong", version: "1", capabilities: ["media-scan", "fly"] };
  await writeFile(join(plugins, "wrong", "plugin.json"), JSON.stringify(wrong));
  const film = { width: 64, height: 36, rate: 24, seconds: 2, audio: false } as const;
  for (const name of ["good", "bad"]) {
    const path = join(app.films, `${name}.mp4`);
    await makeClip(path, film);
    await fetch(`${app.url}/scans`, { method: "POST", body: JSON.stringify({ path }) });
  }
  await using opened = await openPage(`${app.url}/#/plugins`);
  const { page, problems } = opened;
  const row = (name: string) => page.locator(".plugin", { hasText: name });
  await row("wrong").getByText("Cannot run").waitFor();
  // Each problem stands at its place in the file.
  for (const path of ["version", "capabilities.1", "engine", "entry"])
    await row("wrong").locator("code").getByText(path, { exact: true }).waitFor();
  await row("Finder").getByText("Finds what is <b>not</b> there.").waitFor();
  await row("Finder").getByText("not used by Upreel: convert").waitFor();
  const scan = (name: string) => page.locator(".scan", { hasText: name });
  await scan("good.mp4").getByText("Finder: found 1, 1 skipped: too short").waitFor();
  await scan("good.mp4").getByText("Series: 1 skipped: the plugin is not for such films").waitFor();
  await row("Series").getByText("only for series").waitFor();
  await scan("bad.mp4").getByText("A chapter up to 90000 s").waitFor();
  await scan("bad.mp4").getByRole("button", { name: "Look again" }).click();

  await row("Finder").getByRole("button", { name: "Log" }).click();
  const dialog = page.getByRole("dialog", { name: "Log of Finder" });
  await dialog.getByText(/looked at .*good\.mp4/).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });

  await row("Finder").getByRole("button", { name: "Turn off" }).click();
  await row("Finder").getByText("Off", { exact: true }).waitFor();
  await page.reload();
  await row("Finder").getByRole("button", { name: "Turn on" }).click();
  await row("Finder").getByRole("button", { name: "Turn off" }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  for (const language of ["en", "de", "ar"]) {
    await page.evaluate(`localStorage.setItem("upreel.language", "${language}")`);
    await page.reload();
    await row("Finder").waitFor();
    for (const width of [360, 820, 1440]) {
      await page.setViewportSize({ width, height: 800 });
      expect([language, width, await cutTexts(page)]).toEqual([language, width, []]);
    }
  }
  expect(problems).toEqual([]);
});
