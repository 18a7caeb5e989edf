import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makePgs, makeTempFolder, runFfmpeg } from "@upreel/testkit";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { addStyle } from "./support/add-style.ts";
import { openPage } from "./support/chromium.ts";
import { startGateway } from "./support/start-gateway.ts";
import { showing } from "./support/swaps.ts";

const SIZE = { width: 160, height: 90 };
/** It is not over before it is brought to rest. */
const SECONDS = 120;
/** A sign in red at the upper left and a line below, both for most of the film. */
const SCRIPT = `[Script Info]
ScriptType: v4.00+
PlayResX: 160
PlayResY: 90

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,10,&H00FFFFFF,&H000000FF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,1,0,2,4,4,4,1
Style: Sign,Arial,14,&H000000FF,&H000000FF,&H00000000,&H00000000,1,0,0,0,100,100,0,0,1,0,0,7,4,4,4,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.50,0:00:20.00,Sign,,0,0,0,,{\\pos(16,9)}EXIT
Dialogue: 0,0:00:00.50,0:00:20.00,Default,,0,0,0,,A line below
Dialogue: 0,0:01:40.00,0:01:56.00,Default,,0,0,0,,The end
`;
/** Of what is drawn over the picture, as shares of the picture: left, top, width, height. */
const SIGN = `(() => {
  const stage = document.querySelector(".stage").getBoundingClientRect();
  const sign = [...document.querySelectorAll(".ASS-dialogue [data-text]")].find(
    ({ textContent }) => textContent === "EXIT");
  if (sign === undefined) return false;
  const { left, top } = sign.getBoundingClientRect();
  const share = (value) => Math.round(value * 100) / 100;
  return [share((left - stage.left) / stage.width), share((top - stage.top) / stage.height),
    getComputedStyle(sign).color];
})()`;

it("a page draws subtitles as they are: ASS with its styles, and the pictures of PGS", async () => {
  await using folder = await makeTempFolder();
  const film = await makeFilm(folder.path);
  await using gateway = await startGateway({
    ...{ dataDir: join(folder.path, "data"), roots: folder.path },
    env: { MODEL: "lanczos" },
  });
  const { id } = await gateway.trigger(film);
  await gateway.waitFor(id, ({ state }) => state === "complete");
  await using opened = await openPage(`${gateway.url}/watch/${id}`);
  const { page, problems } = opened;
  await showing(page, "upscaled");
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  // A tenth of it is somewhere when its length is known.
  await page.waitForFunction(
    `document.querySelector("[data-picture=upscaled]").readyState >= 3 &&
      document.querySelector(".controls").textContent.includes("2:00")`,
  );
  // At rest, however long the steps take: the film would come to its end.
  await page.keyboard.press("k");
  await page.keyboard.press("1");
  await choose(page, "Signs");
  // The text of its track is not shown beside it.
  await expect.poll(() => page.evaluate(SIGN)).toEqual([0.1, 0.1, "rgb(255, 0, 0)"]);
  await expect.poll(() => page.evaluate(SHOWN_TEXT)).toBe(0);
  // At rest the controls are shown: what is at the bottom goes up for them.
  await page.waitForFunction(isAboveControls("[data-text='A line below']"));
  // Nor is it lost while the film plays.
  await page.keyboard.press("k");
  await page.waitForFunction(`document.querySelector("[data-picture=upscaled]").currentTime > 13`);
  await page.keyboard.press("k");
  await page.keyboard.press("1");
  // At the same place over the other picture.
  await page.keyboard.press("u");
  await showing(page, "original");
  await expect.poll(() => page.evaluate(SIGN)).toEqual([0.1, 0.1, "rgb(255, 0, 0)"]);
  await page.keyboard.press("9");
  await page.getByText("The end").waitFor();
  await expect.poll(() => page.evaluate(SIGN)).toBe(false);

  expect(requests.filter((url) => url.includes("pgs"))).toEqual([]);
  await choose(page, "Pictures");
  await page.locator(".ASS-box").waitFor({ state: "detached" });
  await page.keyboard.press("1");
  await page.waitForFunction(isAboveControls(".subtitle-layer canvas"));
  // As it is without controls.
  await addStyle(page, ".stage { --lift: 0px !important }");
  const drawn = async (): Promise<unknown> => page.evaluate(await boxOf(page));
  await expect.poll(drawn).toEqual({ left: 0.25, top: 0.2, right: 0.75, bottom: 0.3 });
  await page.keyboard.press("9");
  await expect.poll(drawn).toBeUndefined();
  // What DVDs have is another format; it is drawn by the same means.
  await choose(page, "Disc");
  await page.keyboard.press("1");
  await expect.poll(drawn).toEqual({ left: 0.25, top: 0.2, right: 0.75, bottom: 0.3 });
  await choose(page, "None");
  await page.locator(".subtitle-layer canvas").waitFor({ state: "detached" });
  expect(problems).toEqual([]);
});

const isAboveControls = (subtitle: string): string =>
  `document.querySelector("${subtitle}")?.getBoundingClientRect().bottom <
    document.querySelector(".seek").getBoundingClientRect().top`;

/** Cues of hls.js that are on the picture. */
const SHOWN_TEXT = `[...document.querySelectorAll("video")]
  .flatMap((video) => [...video.textTracks])
  .filter(({ mode, activeCues }) => mode === "showing" && activeCues.length > 0).length`;

async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Picture, audio and subtitles" }).click();
  await page.getByRole("group", { name: "Subtitles" }).getByLabel(name).check();
  await page.keyboard.press("Escape");
}

/** What gives the pure green in a screenshot of the stage, as shares of it; undefined where there is none. */
async function boxOf(page: Page): Promise<string> {
  const png = (await page.locator(".stage").screenshot()).toString("base64");
  return `(async () => {
    const image = new Image();
    image.src = "data:image/png;base64,${png}";
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const [xs, ys] = [[], []];
    for (let k = 0; k < data.length / 4; k++)
      if (data[4 * k] < 60 && data[4 * k + 1] > 200 && data[4 * k + 2] < 60) {
        xs.push(k % image.width);
        ys.push(Math.floor(k / image.width));
      }
    if (xs.length === 0) return undefined;
    const span = (values, length) => [0, 1].map((end) => {
      const at = values.reduce((a, b) => (end === 0 ? Math.min(a, b) : Math.max(a, b)));
      return Math.round(((at + end) / length) * 100) / 100;
    });
    const [left, right] = span(xs, image.width);
    const [top, bottom] = span(ys, image.height);
    return { left, top, right, bottom };
  })()`;
}

/** Grey, with both kinds of subtitles; where no button covers them. */
async function makeFilm(folder: string): Promise<string> {
  const at = (name: string): string => join(folder, name);
  await writeFile(at("signs.ass"), SCRIPT);
  const box = { x: 40, y: 18, width: 80, height: 9 };
  const green = { y: 173, cr: 26, cb: 42 };
  const cue = { fromSeconds: 0.5, toSeconds: 20, box, colour: green };
  await writeFile(at("pictures.sup"), makePgs(SIZE, [cue]));
  const picture = `color=gray:s=${SIZE.width}x${SIZE.height}:r=24:d=${SECONDS}`;
  await runFfmpeg([
    ...["-copyts", "-f", "lavfi", "-i", picture, "-i", at("signs.ass"), "-i", at("pictures.sup")],
    ...["-map", "0", "-map", "1", "-map", "2", "-map", "2"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-g", "48"],
    ...["-c:s", "copy", "-c:s:2", "dvdsub", "-metadata:s:s:2", "title=Disc"],
    ...["-metadata:s:s:0", "title=Signs", "-metadata:s:s:1", "title=Pictures"],
    ...["-disposition:s:0", "0", at("film.mkv")],
  ]);
  return at("film.mkv");
}
