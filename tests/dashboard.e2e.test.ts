import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { queueAnswerSchema, told } from "@upreel/core";
import type { FilmPreview } from "@upreel/engine";
import { makeRecord, makeTempFolder } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import { SMALL_PNG } from "../apps/gateway/src/testing/small-png.ts";
import { startTestApp } from "../apps/gateway/src/testing/start-app.ts";
import { axeFindings } from "./support/accessibility.ts";
import { FILMS, frameGap, pageSize, RECORD_ADDED, tellOfFilms } from "./support/busy-dashboard.ts";
import { openPage } from "./support/chromium.ts";
import { layoutShift, RECORD_SHIFTS } from "./support/layout.ts";
import { startGateway } from "./support/start-gateway.ts";

const PAGES = fileURLToPath(new URL("../apps/player/dist", import.meta.url));

describe("the dashboard", () => {
  it("stays smooth with fifty films that change four times a second, and does not grow", async () => {
    await using app = await startTestApp({}, undefined, { pagesFolder: PAGES });
    tellOfFilms(app, 0);
    await using opened = await openPage(`${app.url}/#/jobs`, RECORD_SHIFTS + RECORD_ADDED);
    const { page, problems } = opened;
    await page.waitForSelector(`.stream:nth-child(${FILMS})`);
    await page.click(".opener");
    await page.waitForSelector(".uplot");
    let round = 0;
    const telling = setInterval(() => tellOfFilms(app, ++round), 250);
    try {
      // 16.7 ms where nothing else runs; a page that redraws everything takes seconds for this, each time.
      await expect.poll(() => frameGap(page)).toBeLessThan(1000);
      // Once: what a slow machine compiles late. Each time: what is never let go.
      const grown = async () => {
        const before = await pageSize(page);
        const from = round;
        await expect.poll(() => round).toBeGreaterThan(from + 8);
        const after = await pageSize(page);
        const isHeavier = after.heapBytes - before.heapBytes > 1_000_000;
        const elements = after.elements - before.elements;
        return { elements, added: after.added - before.added, isHeavier };
      };
      // Figures are changed where they stand: nothing is drawn anew for them.
      await expect.poll(grown).toEqual({ elements: 0, added: 0, isHeavier: false });
      expect(await layoutShift(page)).toBeLessThan(0.1);
    } finally {
      clearInterval(telling);
    }
    expect(problems).toEqual([]);
  });
});

it("the queue is put in order by mouse and keys, several films are chosen at once, and no card jumps", async () => {
  await using app = await startTestApp({}, undefined, { pagesFolder: PAGES });
  const put = (id: string, wantedAtMs: number) =>
    app.streams.put({ id, title: id, state: "queued", priority: "background", wantedAtMs });
  for (const [n, id] of ["a", "b", "c", "d"].entries()) put(id, n);
  await using opened = await openPage(`${app.url}/#/jobs`);
  const { page, problems } = opened;
  const shown = () => page.locator(".stream-title").allTextContents();
  const inQueue = async () => {
    const answer: unknown = await (await fetch(`${app.url}/queue`)).json();
    return queueAnswerSchema.parse(answer).ids.join("");
  };
  await expect.poll(shown).toEqual(["a", "b", "c", "d"]);
  const grip = (title: string) => page.getByRole("button", { name: `Move ${title}`, exact: true });
  const [from, to] = [await grip("c").boundingBox(), await grip("a").boundingBox()];
  await page.mouse.move((from?.x ?? 0) + 10, (from?.y ?? 0) + 10);
  await page.mouse.down();
  await page.mouse.move((to?.x ?? 0) + 10, (to?.y ?? 0) - 10, { steps: 5 });
  await page.locator(".stream.moving").waitFor();
  // Where it is shown, not where its element is.
  await expect.poll(async () => (await grip("c").boundingBox())?.y).toBeCloseTo(to?.y ?? 0, 0);
  await page.mouse.up();
  await expect.poll(inQueue).toBe("cabd");
  await expect.poll(shown).toEqual(["c", "a", "b", "d"]);
  await grip("a").press("Enter");
  for (const key of ["ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
  await expect.poll(inQueue).toBe("cbda");
  await expect.poll(shown).toEqual(["c", "b", "d", "a"]);
  await expect
    .poll(() => page.evaluate(`document.activeElement?.getAttribute("aria-label")`))
    .toBe("Move a");
  // Under the pointer nothing moves, whatever comes and goes.
  await page.locator(".stream-title", { hasText: "b" }).hover();
  await app.streams.remove("c");
  put("new", -1);
  await page.locator(".stream.gone").waitFor();
  await expect.poll(shown).toEqual(["c", "b", "d", "a", "new"]);
  await page.mouse.move(1, 1);
  await expect.poll(shown).toEqual(["b", "d", "a", "new"]);
  await page.getByRole("button", { name: "Select", exact: true }).click();
  await page.getByLabel("Select d", { exact: true }).click();
  await page.getByLabel("Select new", { exact: true }).click({ modifiers: ["Shift"] });
  await page.getByText("3 selected").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  const bar = page.getByRole("region", { name: "Selected films" });
  await bar.getByRole("button", { name: "Move to front" }).click();
  await expect.poll(inQueue).toBe("danewb");
  await bar.getByRole("button", { name: "Cancel" }).click();
  await expect.poll(() => app.streams.calls).toEqual(["cancel d", "cancel a", "cancel new"]);
  await bar.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect.poll(shown).toEqual(["b"]);
  expect(problems).toEqual([]);
});

it("the versions of one film are one card, which says which one plays, and each can be deleted alone", async () => {
  await using app = await startTestApp({}, undefined, { pagesFolder: PAGES });
  const heat = { film: "heat", title: "Heat", wanted: { model: "auto" } } as const;
  const whole = { ...heat, state: "complete", ratio: 1 } as const;
  app.streams.put({ ...whole, id: "old", quality: 24, sizeBytes: 2.1e9, wantedAtMs: 1 });
  app.streams.put({ ...whole, id: "new", quality: 18, sizeBytes: 4.2e9, wantedAtMs: 2 });
  app.streams.put({ ...heat, id: "third", state: "queued", quality: 12, wantedAtMs: 3 });
  app.streams.put({ id: "alone", title: "Alien", state: "queued", wantedAtMs: 4 });
  await using opened = await openPage(`${app.url}/#/jobs`);
  const { page, problems } = opened;
  const card = page.locator(".stream", { hasText: "Heat" });
  await card.getByText("3 versions").waitFor();
  expect(await page.locator(".stream").count()).toBe(2);
  const versions = card.locator(".versions > li");
  const names = () => versions.locator("h3").allTextContents();
  const [medium, high, highest] = [
    "Automatic\u00a0· medium video quality (24)",
    "Automatic\u00a0· high video quality (18)",
    "Automatic\u00a0· highest video quality (12)",
  ];
  expect(await names()).toEqual([medium, high, highest]);
  const played = versions.filter({ hasText: "Preferred" });
  expect(await played.locator("h3").allTextContents()).toEqual([high]);
  await played.getByText("4.2 GB").waitFor();
  expect(await card.locator(".stream-title").getAttribute("href")).toMatch(/watch\/new$/);
  expect(await axeFindings(page)).toEqual([]);
  // What waits of it moves with its card.
  await page.getByRole("button", { name: "Move Heat" }).press("Enter");
  for (const key of ["ArrowDown", "Enter"]) await page.keyboard.press(key);
  const queue = async () =>
    queueAnswerSchema.parse(await (await fetch(`${app.url}/queue`)).json()).ids.join(" ");
  await expect.poll(queue).toBe("alone third");
  await played.getByRole("button", { name: `Delete: Heat (${high})` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect.poll(names).toEqual([medium, highest]);
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await played.locator("h3").allTextContents()).toEqual([medium]);
  // Who selects the film has all of it.
  await page.getByRole("button", { name: "Select", exact: true }).click();
  await page.getByLabel("Select Heat", { exact: true }).click();
  await page.getByText("1 selected").waitFor();
  const bar = page.getByRole("region", { name: "Selected films" });
  await bar.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect.poll(() => page.locator(".stream-title").allTextContents()).toEqual(["Alien"]);
  expect([app.streams.ids(), problems]).toEqual([["alone"], []]);
});

it("a film that is made while somebody moves it is let go", async () => {
  await using app = await startTestApp({}, undefined, { pagesFolder: PAGES });
  const put = (id: string, state: "queued" | "complete") =>
    app.streams.put({ id, title: id, state, priority: "background" });
  for (const id of ["a", "b", "c"]) put(id, "queued");
  await using opened = await openPage(`${app.url}/#/jobs`);
  const { page, problems } = opened;
  const grip = (title: string) => page.getByRole("button", { name: `Move ${title}`, exact: true });
  const moves: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") moves.push(request.url());
  });
  await grip("b").hover();
  await page.mouse.down();
  await page.locator(".stream.moving").waitFor();
  put("b", "complete");
  await grip("b").waitFor({ state: "detached" });
  await expect.poll(() => page.locator(".reordering").count()).toBe(0);
  await page.mouse.up();
  await grip("a").press("Enter");
  await page.locator(".stream.moving").waitFor();
  put("a", "complete");
  await expect.poll(() => page.locator(".reordering").count()).toBe(0);
  expect([moves, problems]).toEqual([[], []]);
});

it("the dashboard counts what failed, says why, and tries it again", async () => {
  await using app = await startTestApp({}, undefined, { pagesFolder: PAGES });
  const reason = { code: "decoder_failed", message: "no film is in it" } as const;
  app.streams.put({ id: "one", title: "One", state: "failed", reason, durationSeconds: undefined });
  app.streams.put({ id: "two", title: "Two", state: "complete" });
  await using opened = await openPage("about:blank");
  const { page, problems } = opened;
  // A proxy whose gateway is just starting: the page tries again.
  const away = { status: 502, body: "<h1>Bad Gateway</h1>" };
  await page.route("**/events", (route) => route.fulfill(away), { times: 1 });
  await page.goto(`${app.url}/#/jobs`);
  await page.getByText("0 upscaling · 1 ready · 1 failed").waitFor();
  const card = page.locator(".stream", { hasText: "No film is in it." });
  expect(await card.getByRole("link", { name: "Play" }).count()).toBe(0);
  await card.getByRole("button", { name: "Try again" }).click();
  await page.getByText("1 upscaling · 1 ready", { exact: true }).waitFor();
  expect(app.streams.calls).toEqual(["resume one"]);
  await page.getByRole("button", { name: "Choose a film" }).press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await expect
    .poll(() => page.evaluate("document.activeElement.textContent"))
    .toBe("Choose a film");

  // Its page does not say that something is being made, and its menu gives the focus back.
  app.streams.put({ id: "one", state: "failed", durationSeconds: 60 });
  await page.goto(`${app.url}/watch/one`);
  await page.locator(".stage-wait", { hasText: "Upscaling failed." }).waitFor();
  const menu = page.getByRole("button", { name: "Picture, audio and subtitles" });
  await menu.press("Enter");
  await page.locator(".play-menu :focus").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".play-menu").waitFor({ state: "detached" });
  await expect.poll(() => menu.evaluate((button) => button.matches(":focus"))).toBe(true);
  expect(problems).toEqual([]);
});

it("a film is started as somebody chooses, who sees what each way gives and takes", async () => {
  await using app = await startTestApp({}, undefined, { pagesFolder: PAGES });
  await writeFile(join(app.films, "Old Film.mkv"), "");
  await using opened = await openPage(`${app.url}/#/jobs`);
  const { page, problems } = opened;
  const dialog = page.getByRole("dialog");
  const start = async (): Promise<void> => {
    await dialog.getByRole("button", { name: "Start", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
  };
  const choose = async (): Promise<void> => {
    await page.getByRole("button", { name: "Choose a film" }).click();
    await dialog.getByRole("button", { name: /films$/ }).click();
    await dialog.getByRole("button", { name: /Old Film/ }).click();
    await dialog.getByText("2.50× film speed · can be watched now").waitFor();
    await dialog.getByText("about 250 MB on disk").first().waitFor();
  };
  await choose();
  await dialog.getByRole("radio", { name: /Best/ }).check();
  await start();
  await choose();
  await start();
  // What is too slow to watch is made behind all other work.
  expect(app.streams.triggered).toMatchObject([
    { title: "Old Film", priority: "background", profile: { model: "best" } },
    { title: "Old Film", priority: undefined, profile: { model: "auto" } },
  ]);
  expect(problems).toEqual([]);
});

it("what each way does to a film's picture is shown before it is started, and made for nobody who has left", async () => {
  const asked: string[] = [];
  const left: string[] = [];
  let isSlow = false;
  let isBroken = false;
  const preview: FilmPreview = async ({ path }, { scene, model }, signal) => {
    asked.push(`${model} ${scene}`);
    if (isBroken) throw new Error("no frame");
    if (isSlow)
      await new Promise((_, reject) =>
        signal.addEventListener("abort", () => {
          left.push(`${model} ${scene}`);
          reject(new Error("nobody waits"));
        }),
      );
    await writeFile(`${path}.png`, SMALL_PNG);
    return `${path}.png`;
  };
  await using app = await startTestApp({}, undefined, { pagesFolder: PAGES, preview });
  await writeFile(join(app.films, "Old Film.mkv"), "");
  await using opened = await openPage(`${app.url}/#/jobs`);
  const { page, problems } = opened;
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "Choose a film" }).click();
  await dialog.getByRole("button", { name: /films$/ }).click();
  await dialog.getByRole("button", { name: /Old Film/ }).click();
  await dialog.getByText("can be watched now").waitFor();
  // It takes the processor: only for those who want to see it.
  expect(asked).toEqual([]);
  const look = dialog.getByRole("button", { name: "Show before and after" });
  await look.press("Enter");
  const isShown = async (): Promise<void> => {
    for (const name of ["Original", "Upscaled"]) await dialog.getByRole("img", { name }).waitFor();
  };
  await isShown();
  expect(await look.evaluate((button) => button.matches(":focus"))).toBe(true);
  expect(asked.toSorted()).toEqual(["net 1", "original 1"]);
  const divider = dialog.getByRole("slider");
  await divider.press("ArrowRight");
  expect(await divider.getAttribute("aria-valuenow")).toBe("52");
  expect(await axeFindings(page)).toEqual([]);
  isBroken = true;
  await dialog.getByRole("button", { name: "Scene 1" }).click();
  await dialog.getByRole("alert").waitFor();
  isBroken = false;
  await dialog.getByRole("button", { name: "Try again" }).click();
  await isShown();
  asked.splice(0);
  isSlow = true;
  await dialog.getByRole("button", { name: "Scene 3" }).click();
  await expect.poll(() => asked.toSorted()).toEqual(["net 2", "original 2"]);
  await page.keyboard.press("Escape");
  await expect.poll(() => left.toSorted()).toEqual(["net 2", "original 2"]);
  expect([app.streams.triggered, problems]).toEqual([[], []]);
});

describe("with an API token", () => {
  it("the dashboard asks for it, tries it and keeps it", async () => {
    await using folder = await makeTempFolder();
    const options = {
      ...{ dataDir: join(folder.path, "data"), roots: folder.path },
      env: { API_TOKEN: "a long secret" },
    };
    await using gateway = await startGateway(options);
    await using opened = await openPage(gateway.url);
    const { page } = opened;
    await page.fill("#token", "another secret");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#token-problem:not(:empty)");
    await page.fill("#token", "a long secret");
    await page.keyboard.press("Enter");
    await page.getByText("No film yet").waitFor();
    await page.reload();
    await page.getByText("No film yet").waitFor();

    // Gone for a while: the page says so and goes on by itself.
    await gateway.kill();
    await page.getByText("Upreel is not responding").waitFor();
    await using _again = await startGateway({
      ...options,
      port: Number(new URL(gateway.url).port),
    });
    await page.getByText("Upreel is not responding").waitFor({ state: "detached" });
    await page.getByText("No film yet").waitFor();
  });
});

it("the page of a film that is made too slowly begins nothing, and has it made ahead of time", async () => {
  await using app = await startTestApp({}, undefined, { pagesFolder: PAGES });
  app.foreseenSpeed = 0.4;
  const path = join(app.films, "film.mkv");
  await writeFile(path, "not really a film");
  const record = makeRecord({ id: "one", file: { path, sizeBytes: 17, modifiedMs: 1 } });
  await app.streams.records.save(record);
  app.streams.put({ id: "one", title: "One", state: "idle" });
  await using opened = await openPage(`${app.url}/watch/one`);
  const { page } = opened;
  await page.getByText("0.4× film speed").waitFor();
  const begun = (): readonly string[] =>
    app.streams.calls.filter((call) => !call.startsWith("page "));
  expect(begun()).toEqual([]);
  await page.getByRole("button", { name: "Upscale it ahead of time" }).click();
  await page.getByText("0.4× film speed").waitFor({ state: "detached" });
  await expect.poll(begun).toEqual(["resume one in the background"]);
  const tooSlow = { advice: "original", adviceTold: told("advice_too_slow") } as const;
  app.streams.put({ id: "one", state: "running", priority: "background", ...tooSlow });
  await page.getByText("It is being upscaled ahead of time.").waitFor();
  // What else its viewer can do: be told when it is ready, see the original, or get help.
  await page.getByRole("button", { name: "Notify me" }).waitFor();
  const help = page.getByRole("link", { name: "Let another computer help" });
  expect(await help.getAttribute("href")).toBe(`${app.url}/#/system`);
  // This original cannot be played.
  expect(await page.getByRole("button", { name: "Play the original" }).count()).toBe(0);
});

it("settings tell somebody of what happens: added, tried out, and sent again", async () => {
  const told: { name: string }[] = [];
  const receiver = createServer((request, response) => {
    request.on("data", (chunk) => told.push(JSON.parse(String(chunk)) as { name: string }));
    request.on("end", () => response.writeHead(told.length === 1 ? 403 : 204).end());
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const { port } = receiver.address() as AddressInfo;
  await using app = await startTestApp({}, undefined, { pagesFolder: PAGES });
  await using opened = await openPage(`${app.url}/#/settings`);
  const { page, problems } = opened;
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("My program");
  await dialog.getByLabel("For").selectOption("json");
  await dialog.getByLabel("Address").fill(`http://127.0.0.1:${port}/hook`);
  expect(await axeFindings(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText(`Program (JSON) · 127.0.0.1:${port}`).waitFor();
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await page.getByText("Last deliveries").click();
  await page.getByText(/My program\s· .*\s· answered with HTTP 403\s· tried once/).waitFor();
  await page.getByRole("button", { name: "Send again" }).click();
  await page.getByText("Sent", { exact: true }).waitFor();
  app.events.tell({ name: "film.finished", stream: "s", title: "Metropolis", file: "/m.ts" });
  await page.getByText("A film is finished: Metropolis").waitFor();
  await expect
    .poll(() => told.map(({ name }) => name))
    .toEqual(["webhook.test", "webhook.test", "film.finished"]);
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await dialog.getByRole("button", { name: "Remove" }).click();
  await page.getByText("Last deliveries").waitFor({ state: "detached" });
  expect(problems).toEqual([]);
  receiver.close();
});
