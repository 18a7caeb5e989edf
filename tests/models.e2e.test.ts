import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeTempFolder } from "@upreel/testkit";
import type { PublicModel } from "@upreel/upscaler";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { startTestApp } from "../apps/gateway/src/testing/start-app.ts";
import { tinyModel } from "../packages/upscaler/src/graph/testing/tiny-models.ts";
import { enlargeNearest } from "../packages/upscaler/src/import/testing/nearest-model.ts";
import { axeFindings } from "./support/accessibility.ts";
import { openPage } from "./support/chromium.ts";
import { cutTexts } from "./support/layout.ts";
import { startGateway } from "./support/start-gateway.ts";

const PAGES = fileURLToPath(new URL("../apps/player/dist", import.meta.url));
const MODEL = Buffer.from(tinyModel(enlargeNearest(3, 2)));

/** The row of a model on the page. */
const row = (page: Page, name: string) =>
  page.locator(".model").filter({ has: page.getByRole("heading", { name, exact: true }) });

/** Drops a file on the place for models. */
async function drop(page: Page, name: string, content: Buffer): Promise<void> {
  const dropped = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob("${content.toString("base64")}"), (c) => c.charCodeAt(0));
    transfer.items.add(new File([bytes], "${name}"));
    return transfer;
  })()`);
  await page.dispatchEvent(".drop", "drop", { dataTransfer: dropped });
}

it("models are downloaded, dropped in, chosen and deleted by clicks, and refused with the reason", async () => {
  await using server = createServer((_request, response) => response.end(MODEL));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const offered: PublicModel = {
    ...{ id: "small", name: "Small", good_at: "tests", content: "any", licence: "MIT" },
    ...{ credit: "nobody", scale: 2, weights: 324, url: `http://127.0.0.1:${port}/small.onnx` },
    sha256: createHash("sha256").update(MODEL).digest("hex"),
    size_bytes: MODEL.length,
  };
  const other = { ...offered, id: "other", name: "Other", sha256: "0".repeat(64) };
  await using app = await startTestApp({}, undefined, {
    ...{ pagesFolder: PAGES, publicModels: [offered, other] },
  });
  await using opened = await openPage(`${app.url}/#/models`);
  const { page, problems } = opened;
  const download = { name: "Download" } as const;
  await row(page, "Small").getByRole("button", download).click();
  await row(page, "Small").getByRole("button", { name: "Use for new films" }).click();
  await row(page, "Small").getByText("Used for new films").waitFor();
  const { settings } = (await (await fetch(`${app.url}/settings`)).json()) as {
    settings: { name: string; value: unknown }[];
  };
  expect(settings.find(({ name }) => name === "MODEL")?.value).toBe("small");
  await page.getByRole("button", { name: "Choose automatically" }).click();
  await row(page, "Small").getByText("Used for new films").waitFor({ state: "detached" });

  await row(page, "Other").getByRole("button", download).click();
  await row(page, "Other").locator(".bad-text").waitFor();
  expect(await row(page, "Other").locator(".bad-text").textContent()).toContain(offered.sha256);

  await drop(page, "mine.onnx", MODEL);
  await row(page, "mine").getByRole("button", { name: "Delete mine" }).click();
  await row(page, "mine").waitFor({ state: "detached" });
  await drop(page, "nothing.onnx", Buffer.from("not a network"));
  await page.getByRole("alert").waitFor();
  expect(problems).toEqual([]);
});

it("models are measured; every part of the dashboard can be read by all and fits a phone", async () => {
  await using folder = await makeTempFolder();
  await using gateway = await startGateway({
    ...{ dataDir: join(folder.path, "data"), roots: folder.path },
    // One family of networks for all films, which is measured in less time than three.
    env: { SHARPNESS: "0" },
  });
  await using opened = await openPage(`${gateway.url}/#/models`);
  const { page, problems } = opened;
  await page.getByRole("button", { name: "Measure all models" }).click();
  await page.getByText(/^Measuring, /).waitFor();

  const part = async (name: string, sign: string): Promise<void> => {
    await page.getByRole("link", { name, exact: true }).click();
    // The doctor tries every model beside the measuring.
    await page.waitForSelector(sign, { timeout: 240_000 });
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await cutTexts(page), name).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 720 });
    expect(await axeFindings(page), name).toEqual([]);
  };
  await part("Films", ".empty");
  await part("Jobs", ".empty");
  await part("Settings", ".setting");
  await page.getByLabel("Search settings").fill("quota");
  await page.locator("#setting-ARCHIVE_QUOTA").fill("much");
  await page.getByRole("button", { name: "Save" }).click();
  await page
    .locator("#setting-ARCHIVE_QUOTA-problem")
    .getByText(/^Expected a size, .*much/)
    .waitFor();
  await page.waitForFunction(`document.activeElement.id === "setting-ARCHIVE_QUOTA"`);
  await page.getByRole("button", { name: "Discard" }).click();
  await part("Plugins", ".plugin");
  await part("System", ".finding");
  await part("Logs", ".log li.info");
  await page.getByLabel("Search the log").fill("listening on");
  await page.waitForFunction(`document.querySelectorAll(".log li").length === 1`);
  await page.getByLabel("Show").selectOption("error");
  await page.getByText("No line matches.").waitFor();
  await part("Models", ".model");
  const measured = row(page, "Best").first();
  await measured.getByText("Measurements").click();
  await measured.getByRole("rowheader", { name: "cpu" }).waitFor();
  await page.getByText(/^Measuring, /).waitFor({ state: "detached", timeout: 240_000 });
  expect(problems).toEqual([]);
});
