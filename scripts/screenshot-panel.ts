import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { jellyfinPlayerPage } from "../apps/gateway/src/testing/jellyfin-player-page.ts";
import { savePlan, startRig } from "../apps/gateway/src/testing/proxy-rig.ts";
import { addStyle } from "../tests/support/add-style.ts";
import { openPage } from "../tests/support/chromium.ts";

/**
 * `node scripts/screenshot-panel.ts film.mp4 [seconds]`: the picture of docs/screenshots that shows the panel in Jellyfin's
 * player, over a picture of this film. The player's page is the one that tests have in place of Jellyfin's.
 */
const [film, seconds = "5"] = process.argv.slice(2);
if (film === undefined)
  throw new Error("which film? node scripts/screenshot-panel.ts film.mp4 [seconds]");
const target = fileURLToPath(new URL("../docs/screenshots/jellyfin-panel.png", import.meta.url));
await using folder = await makeTempFolder();
const still = join(folder.path, "still.png");
await runFfmpeg(["-y", "-ss", seconds, "-i", resolve(film), "-frames:v", "1", still]);
const background = `data:image/png;base64,${(await readFile(still)).toString("base64")}`;

const settings = { WEB_SCRIPT: "on", PUBLIC_URL: "http://upreel.example" };
await using rig = await startRig({}, settings);
rig.app.streams.put({
  ...{ id: "abc", durationSeconds: 360, segmentsTotal: 180, framesTotal: 9000, ratio: 0.34 },
  ...{ leadSeconds: 52, speed: 1.6, model: "upreel-x2-sharp16x4-50-int8", advice: "upscaled" },
  ...{ width: 1280, height: 720, readyRanges: [[0, 360]] },
});
await rig.app.streams.publish("abc", 0, Buffer.alloc(188 * 1_000));
await savePlan(rig.app, rig.film, 360);
await rig.play();
rig.jellyfin.answers.set("GET /web/index.html", {
  ...{ status: 200, headers: { "content-type": "text/html" } },
  body: jellyfinPlayerPage({ hasPluginManager: true, language: "en-us" }),
});
await using opened = await openPage(`${rig.app.proxyUrl}/web/index.html`);
const { page } = opened;
await page.setViewportSize({ width: 900, height: 700 });
await addStyle(
  page,
  `body { background: url("${background}") center / cover }
    video { display: none }
    .buttons button { border: 0; background: none; color: #fff; font-size: 1.05em; padding: .4em .8em }`,
);
await page.click(".upreelButton");
await page.getByLabel("Upscaled by").waitFor();
await page.getByLabel("Quality").waitFor();
await page.getByText("Look", { exact: true }).click();
await page.mouse.move(20, 20);
// 256 colours are enough to see it by, and a third of the size.
const png = join(folder.path, "shot.png");
await page.screenshot({ path: png });
const palette = "split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=sierra2_4a";
await runFfmpeg(["-y", "-i", png, "-vf", palette, "-frames:v", "1", target]);
