import { once } from "node:events";
import { createServer } from "node:http";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openPage } from "../../../../../tests/support/chromium.ts";
import { jellyfinPlayerPage } from "../../testing/jellyfin-player-page.ts";
import {
  ask,
  ID,
  makeReady,
  parse,
  savePlan,
  startRig,
  type Rig,
} from "../../testing/proxy-rig.ts";

/** One answer of what is shown comes only when it is let go, which settles when the panel has taken it. */
const HOLD_ONE_LOOK = `
  window.looks = 0;
  const ask = window.fetch;
  window.fetch = async (url, options) => {
    const answer = await ask(url, options);
    if (!String(url).includes("/why")) return answer;
    const told = new Response(await answer.text(), { status: answer.status });
    looks += 1;
    if (window.letGo !== undefined || window.isHolding !== true) return told;
    await new Promise((resolve) => {
      window.letGo = async () => {
        resolve();
        for (let turn = 0; turn < 3; turn += 1) await new Promise((next) => setTimeout(next));
      };
    });
    return told;
  };`;

let rig: Rig;
const PATIENTLY = { timeout: 60_000 };

beforeEach(async () => {
  // Nothing is made here: who waits for it is answered in a moment.
  const settings = { WEB_SCRIPT: "on", PUBLIC_URL: "http://upreel.example" };
  rig = await startRig({}, settings, { answerMs: 100 });
});
afterEach(() => rig[Symbol.asyncDispose]());

async function openPlayer(hasPluginManager = true, language = "en-us") {
  const html = jellyfinPlayerPage({ hasPluginManager, language });
  rig.jellyfin.answers.set("GET /web/index.html", {
    ...{ status: 200, headers: { "content-type": "text/html" }, body: html },
  });
  return openPage(`${rig.app.proxyUrl}/web/index.html`);
}

it("shows in the player what is upscaled, and switches at the same place", async () => {
  rig.app.streams.put({
    ...{ id: "abc", durationSeconds: 360, segmentsTotal: 180, framesTotal: 9000, ratio: 0.34 },
    ...{ leadSeconds: 52, speed: 1.6, model: "live-16x4", readyRanges: [[0, 122]] },
  });
  await rig.play();
  await using opened = await openPlayer();
  await opened.page.click(".videoOsdBottom .upreelButton");
  const panel = opened.page.locator("#upreelPanel");
  await panel.getByText("the original").waitFor();
  const text = (await panel.innerText()).replaceAll(/\s+/g, " ");
  expect(text).toMatch(/Why the first upscaled pictures were not there within [\d.]+ s /);
  expect(text).toContain(
    "Upscaled 34 % Ready 52 s ahead of you Speed 1.6× film speed Model live-16x4",
  );
  expect(await panel.getByText("Compare").getAttribute("href")).toBe(
    "http://upreel.example/watch/abc",
  );
  await panel.getByText("Play upscaled").click();
  await panel.getByText("Compare").press("Space");
  await opened.page.waitForFunction("played.length === 1");
  expect(await opened.page.evaluate("pauses"), "the panel pauses the player").toBe(0);
  expect(await opened.page.evaluate("played[0]")).toEqual({
    ...{ ids: [ID], serverId: "the server", startPositionTicks: 615_000_000 },
    ...{ mediaSourceId: ID, audioStreamIndex: 2, subtitleStreamIndex: 4 },
  });
  rig.app.streams.put({ id: "abc", advice: "upscaled", readyRanges: [[0, 360]] });
  await rig.app.streams.publish("abc", 0, Buffer.alloc(188));
  await rig.play();
  await panel.getByText("Play the original").waitFor();
  await opened.page.locator(".upreelButton").click();
  await panel.waitFor({ state: "detached" });
  expect(opened.problems).toEqual([]);
});

it("offers to make ahead of time what cannot be made fast enough, and shows how far it is, in the client's language", async () => {
  rig.app.foreseenSpeed = 0.4;
  await rig.play();
  await using opened = await openPlayer(true, "de");
  await opened.page.click(".upreelButton");
  const panel = opened.page.locator("#upreelPanel");
  await panel.getByText("Dieser Computer ist zu langsam").waitFor();
  await panel.getByText("Im Voraus hochskalieren").click();
  await panel.locator("dd", { hasText: "wird hochskaliert" }).waitFor();
  expect(await panel.locator("button").isVisible()).toBe(false);
  expect(rig.app.streams.triggered).toMatchObject([{ priority: "background" }]);
  expect(opened.problems).toEqual([]);
});

it("has the model, the style and the faces of the film that is made", async () => {
  rig.app.streams.put({ id: "abc", durationSeconds: 360, readyRanges: [[0, 122]] });
  await rig.play();
  await using opened = await openPlayer();
  // A moment without an answer takes nothing away.
  await opened.page.route("**/choices*", (route) => route.abort(), { times: 1 });
  await opened.page.evaluate(HOLD_ONE_LOOK);
  await opened.page.click(".upreelButton");
  const panel = opened.page.locator("#upreelPanel");
  const chosen = async () => {
    const { wanted, faces } = rig.app.streams.get("abc") ?? {};
    return [wanted?.model, wanted?.sharpness, faces];
  };
  await panel.getByLabel("Upscaled by").waitFor();
  await opened.page.evaluate("isHolding = true");
  await opened.page.waitForFunction("window.letGo");
  await panel.getByLabel("Upscaled by").selectOption("Best");
  await expect.poll(chosen, PATIENTLY).toEqual(["best", undefined, undefined]);
  const looks = await opened.page.evaluate<number>("looks");
  await opened.page.waitForFunction(`looks > ${looks}`);
  await opened.page.evaluate("letGo()");
  expect(await panel.getByLabel("Upscaled by").inputValue()).toBe("best");
  await panel.getByLabel("Style").selectOption("Faithful");
  await expect.poll(chosen, PATIENTLY).toEqual(["best", 0, undefined]);
  // No network for faces is here.
  expect(await panel.getByLabel("Faces").isVisible()).toBe(false);
  rig.app.streams.put({ id: "abc", durationSeconds: 360, faces: 0.35 });
  await panel.getByLabel("Faces").waitFor();
  expect(await panel.getByLabel("Faces").inputValue()).toBe("0.4");
  await panel.getByLabel("Faces").selectOption("Off");
  await expect.poll(chosen, PATIENTLY).toEqual(["best", 0, undefined]);
  rig.app.streams.put({ id: "abc", durationSeconds: 360, state: "complete" });
  await panel.getByLabel("Upscaled by").waitFor({ state: "hidden" });
  expect(opened.problems).toEqual([]);
});

it("has the qualities of the film that plays upscaled, and plays on in the chosen one", async () => {
  await makeReady(rig.app);
  const segments = await savePlan(rig.app, rig.film);
  for (let k = 1; k < segments; k += 1)
    await rig.app.streams.publish("abc", k, Buffer.alloc(188 * 2000));
  await rig.play();
  await using opened = await openPlayer(true, "de");
  await opened.page.click(".upreelButton");
  const quality = opened.page.locator("#upreelPanel").getByLabel("Qualität");
  await quality.waitFor();
  const options = await quality.locator("option").allTextContents();
  expect(options.map((text) => text.replace(/ · [\d,]+ Mbit\/s$/, " · n Mbit/s"))).toEqual([
    ...["72p · n Mbit/s", "72p, spart Daten · n Mbit/s", "36p · n Mbit/s"],
    "18p · n Mbit/s",
    "Wie die Verbindung es erlaubt",
  ]);
  expect(await quality.inputValue()).toBe('"best"');
  /** What the client gets when it plays the film again. */
  const offered = async () => {
    const url = parse(await rig.play()).MediaSources[0]?.TranscodingUrl ?? "";
    const master = (await ask(rig.app.proxyUrl + url)).body.toString();
    return Array.from(master.matchAll(/^(?:lower\/([^/]+)\/)?\w+\.m3u8/gm), ([, name]) => name);
  };
  for (const [chosen, names] of [
    ["36", ["36p"]],
    ['"lean"', ["72p-lean"]],
    ['"line"', [undefined, "72p-lean", "36p", "18p"]],
    ['"best"', [undefined]],
  ] as const) {
    const before = await opened.page.evaluate<number>("played.length");
    await quality.selectOption(chosen);
    await opened.page.waitForFunction(`played.length === ${before + 1}`);
    expect(await opened.page.evaluate("played.at(-1)")).toMatchObject({
      ...{ ids: [ID], startPositionTicks: 615_000_000, audioStreamIndex: 2 },
    });
    expect(await offered()).toEqual(names);
    await opened.page.waitForResponse(/\/qualities/);
    expect(await quality.inputValue()).toBe(chosen);
  }
  expect(opened.problems).toEqual([]);
});

it("shows the viewer's look while a slider moves, and keeps it", async () => {
  await using opened = await openPlayer();
  const { page } = opened;
  const filter = () =>
    page.evaluate<string>(`getComputedStyle(document.querySelector("video")).filter`);
  await page.click(".upreelButton");
  await page.getByText("Look", { exact: true }).click();
  expect(await filter()).toBe("none");
  await page.getByLabel("Look", { exact: true }).selectOption("Vivid");
  await expect.poll(filter, PATIENTLY).toBe("contrast(1.06) saturate(1.32)");
  await page.getByLabel("Sharpness").fill("40");
  await expect.poll(filter, PATIENTLY).toContain("#upreel-sharpen");
  await expect
    .poll(() => page.getByLabel("Look", { exact: true }).inputValue(), PATIENTLY)
    .toBe("own");
  await page.reload();
  await page.waitForSelector(".upreelButton");
  await expect.poll(filter, PATIENTLY).toContain("saturate(1.32)");
  expect(opened.problems).toEqual([]);
});

it("puts subtitles in again that went with the stream before", async () => {
  await using opened = await openPlayer();
  await opened.page.waitForFunction("window.plugin");
  await opened.page.evaluate(`
    const video = document.body.appendChild(document.createElement("video"));
    const track = video.addTextTrack("subtitles");
    const play = (source, mode) => {
      Object.defineProperty(video, "currentSrc", { value: source, configurable: true });
      track.mode = mode;
      video.dispatchEvent(new Event("playing"));
    };
    track.mode = "showing";
    track.addCue(new VTTCue(0, 1, "Hello"));
    play("blob:first", "showing");
    play("blob:other-sound", "disabled");
    play("blob:other-sound", "disabled");`);
  expect(await opened.page.evaluate("subtitles")).toEqual([-1, 4]);
  expect(opened.problems).toEqual([]);
});

it("works without being a plugin, by remote control of its own session", async () => {
  rig.app.streams.put({ id: "abc", state: "failed" });
  await rig.play();
  await using opened = await openPlayer(false);
  await opened.page.click(".upreelButton");
  await opened.page.getByText("Play upscaled").click();
  await opened.page.waitForFunction("played.length === 1");
  expect(await opened.page.evaluate("played[0]")).toEqual([
    "s1",
    {
      ...{ PlayCommand: "PlayNow", ItemIds: ID, StartPositionTicks: 70, AudioStreamIndex: 2 },
      ...{ MediaSourceId: undefined, SubtitleStreamIndex: undefined },
    },
  ]);
});

it("does nothing where the web client is another", async () => {
  const other = createServer((request, response) => {
    const isScript = request.url === "/upscale/web.js";
    response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html");
    if (isScript)
      void fetch(`${rig.app.proxyUrl}/upscale/web.js`).then(async (answer) =>
        response.end(await answer.text()),
      );
    else response.end('<html><div id="p"></div><script src="/upscale/web.js"></script></html>');
  }).listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  await using opened = await openPage(`http://127.0.0.1:${address.port}/`);
  await opened.page.evaluate(`
    document.dispatchEvent(new CustomEvent("viewshow"));
    p.dispatchEvent(new CustomEvent("viewshow", { bubbles: true }));`);
  expect(await opened.page.locator("button").count()).toBe(0);
  expect(opened.problems).toEqual([]);
  other.closeAllConnections();
  other.close();
});
