import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder, runFfmpeg } from "@upreel/testkit";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { openPage } from "./support/chromium.ts";
import { startGateway } from "./support/start-gateway.ts";
import { showing } from "./support/swaps.ts";

/** All letters are equally wide, which no font is that stands in for one that is missing. Comes with fontconfig. */
const FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf";
const INSTALLED = "DejaVu Sans Mono";
/** The same letters under a name of the same length that no system has. */
const ATTACHED = "Film Test Letter";
const MISSING = "No Such Letters.";
/** What the page calls it. */
const OWN = "film-film_20test_20letter";

it.skipIf(!existsSync(FONT))(
  "ASS subtitles are drawn in the font that is attached to the film (needs fonts-dejavu-core)",
  async () => {
    await using folder = await makeTempFolder();
    await using gateway = await startGateway({
      ...{ dataDir: join(folder.path, "data"), roots: folder.path },
      env: { MODEL: "lanczos" },
    });
    const { id } = await gateway.trigger(await makeFilm(folder.path));
    await gateway.waitFor(id, ({ state }) => state === "complete");
    await using opened = await openPage(`${gateway.url}/watch/${id}`);
    const { page, problems } = opened;
    await showing(page, "upscaled");
    await page.waitForFunction(
      `document.querySelector("[data-picture=upscaled]").readyState >= 3 &&
        document.querySelector(".controls").textContent.includes("2:00")`,
    );
    // At rest, however long the steps take; it is long enough not to be over by now.
    await page.keyboard.press("k");
    await page.keyboard.press("1");
    const missing = await drawnIn(page, MISSING);
    const installed = await drawnIn(page, INSTALLED);
    const attached = await drawnIn(page, ATTACHED);
    // The letters of the attached font are those of the installed one, but for what each is hinted by.
    expect(Math.abs(attached.width - installed.width)).toBeLessThan(1);
    expect(Math.abs(attached.width - missing.width)).toBeGreaterThan(5);
    const toInstalled = await differenceOf(page, attached.png, installed.png);
    expect(toInstalled).toBeLessThan((await differenceOf(page, attached.png, missing.png)) / 2);
    expect(problems).toEqual([]);
  },
);

/** Chooses the track of that font; how wide its line is, and the picture about it. */
async function drawnIn(
  page: Page,
  font: string,
): Promise<{ readonly width: number; readonly png: string }> {
  await page.getByRole("button", { name: "Picture, audio and subtitles" }).click();
  await page.getByRole("group", { name: "Subtitles" }).getByLabel(font).check();
  await page.keyboard.press("Escape");
  const line = page.locator(".ASS-dialogue [data-text]", { hasText: `${font.length}` });
  await line.waitFor();
  await page.waitForFunction(
    `getComputedStyle(document.querySelector(".ASS-dialogue [data-text]"))
      .fontFamily.includes(${JSON.stringify(font === ATTACHED ? OWN : font)})`,
  );
  const stage = await page.locator(".stage").boundingBox();
  const box = await line.boundingBox();
  if (stage === null || box === null) throw new Error(`${font} is not on the page`);
  const clip = { x: stage.x, y: stage.y, width: stage.width, height: stage.height / 3 };
  return { width: box.width, png: (await page.screenshot({ clip })).toString("base64") };
}

/** Mean difference of the levels of two screenshots. */
const differenceOf = (page: Page, one: string, other: string): Promise<number> =>
  page.evaluate(`(async () => {
    const levels = async (png) => {
      const image = new Image();
      image.src = "data:image/png;base64," + png;
      await image.decode();
      const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
      context.drawImage(image, 0, 0);
      return context.getImageData(0, 0, image.width, image.height).data;
    };
    const [a, b] = [await levels("${one}"), await levels("${other}")];
    return a.reduce((sum, level, k) => sum + Math.abs(level - b[k]), 0) / a.length;
  })()`);

/** Grey, with a track for each font. */
async function makeFilm(folder: string): Promise<string> {
  const at = (name: string): string => join(folder, name);
  const fonts = [MISSING, INSTALLED, ATTACHED];
  for (const [k, font] of fonts.entries()) await writeFile(at(`${k}.ass`), scriptIn(font));
  await writeFile(at("letters.ttf"), renamed(await readFile(FONT)));
  await runFfmpeg([
    ...["-f", "lavfi", "-i", "color=gray:s=320x180:r=24:d=120"],
    ...fonts.flatMap((_, k) => ["-i", at(`${k}.ass`)]),
    ...[0, 1, 2, 3].flatMap((input) => ["-map", `${input}`]),
    ...["-c:v", "libx264", "-preset", "ultrafast", "-g", "48", "-c:s", "copy"],
    ...fonts.flatMap((font, k) => [`-metadata:s:s:${k}`, `title=${font}`]),
    ...["-disposition:s:0", "0", "-attach", at("letters.ttf")],
    ...["-metadata:s:t:0", "mimetype=font/ttf", at("film.mkv")],
  ]);
  return at("film.mkv");
}

/** The names of a font stand in it as they are, in UTF-16 and in ASCII. */
function renamed(font: Buffer): Buffer {
  for (const encoding of ["utf16le", "latin1"] as const) {
    const [from, to] = [INSTALLED, ATTACHED].map((name) => {
      const bytes = Buffer.from(name, encoding);
      return encoding === "utf16le" ? bytes.swap16() : bytes;
    }) as [Buffer, Buffer];
    for (let at = font.indexOf(from); at >= 0; at = font.indexOf(from, at)) to.copy(font, at);
  }
  return font;
}

/** Broad and narrow letters, and how long the font's name is, above the controls. */
const scriptIn = (font: string): string => `[Script Info]
ScriptType: v4.00+
PlayResX: 320
PlayResY: 180

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,${font},24,&H00FFFFFF,&H000000FF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,0,0,7,4,4,4,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.50,0:01:59.00,Default,,0,0,0,,{\\pos(16,9)}illi MWMW ${font.length}
`;
