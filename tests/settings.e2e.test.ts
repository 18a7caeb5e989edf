import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { startTestApp } from "../apps/gateway/src/testing/start-app.ts";
import { openPage } from "./support/chromium.ts";

const PAGES = fileURLToPath(new URL("../apps/player/dist", import.meta.url));

it("unsaved settings are not left without a question, and what needs a restart gets one by a click", async () => {
  await using app = await startTestApp({}, undefined, { pagesFolder: PAGES });
  await using opened = await openPage(`${app.url}/#/settings`);
  const { page, problems } = opened;
  const asked: string[] = [];
  let isLeft = false;
  page.on("dialog", (dialog) => {
    asked.push(dialog.message());
    void (isLeft ? dialog.accept() : dialog.dismiss());
  });
  const port = page.locator("#setting-AI_SERVICE_PORT");
  const jobs = page.getByRole("link", { name: "Jobs", exact: true });
  await port.fill("18765");
  await page.getByText("1 unsaved change").waitFor();
  await jobs.click();
  await expect.poll(() => asked.length).toBe(1);
  await expect.poll(() => new URL(page.url()).hash).toBe("#/settings");
  expect(await port.inputValue()).toBe("18765");
  isLeft = true;
  await jobs.click();
  await page.getByRole("button", { name: "Choose a film" }).waitFor();
  expect(asked).toEqual(Array(2).fill("Leave without saving your changes?"));

  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await port.fill("18765");
  await page.getByRole("button", { name: "Discard" }).click();
  await expect.poll(() => port.inputValue()).toBe("");
  await port.fill("18765");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved · restart needed").waitFor();
  await page.getByRole("button", { name: "Restart now" }).click();
  await page.getByText("Upreel is restarting…").waitFor();
  await expect.poll(() => app.told).toContain("restart");
  // Nothing is unsaved: nobody is asked.
  await jobs.click();
  await page.getByRole("button", { name: "Choose a film" }).waitFor();
  expect(asked).toHaveLength(2);
  expect(problems).toEqual([]);
});
