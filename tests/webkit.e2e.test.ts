import { join } from "node:path";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { z } from "zod";
import { startGateway } from "./support/start-gateway.ts";
import { inWebkit, WEBKIT, type WebkitPage } from "./support/webkit.ts";

/** Long enough that nothing of this comes near its end on a slow machine. */
const CLIP = { width: 128, height: 72, rate: 12, seconds: 150 } as const;

it.skipIf(WEBKIT === undefined)(
  "WebKit plays a film, seeks, and changes to the original and back (needs webkit2gtk-driver and xvfb)",
  async () => {
    await using folder = await makeTempFolder();
    await using gateway = await startGateway({
      ...{ dataDir: join(folder.path, "data"), roots: folder.path },
      env: { MODEL: "lanczos" },
    });
    const { id } = await gateway.trigger(await makeClip(join(folder.path, "film.mp4"), CLIP));
    await gateway.waitFor(id, ({ state }) => state === "complete");
    await inWebkit(`${gateway.url}/watch/${id}`, watchIt);
  },
);

async function watchIt(page: WebkitPage): Promise<void> {
  await plays(page, "upscaled", 1);
  await page.press("5");
  await plays(page, "upscaled", CLIP.seconds / 2);
  await page.press("1");
  await page.until(`document.querySelector("[data-picture=upscaled]").currentTime < 70`);
  await page.press("u");
  await plays(page, "original", CLIP.seconds / 10);
  const before = await secondsOf(page, "original");
  await page.press("u");
  // It goes on where the other one was.
  await plays(page, "upscaled", before);
  expect(await page.problems()).toEqual([]);
}

/** Waits until this film is the one that is seen, and plays beyond that second. */
const plays = (page: WebkitPage, kind: string, seconds: number): Promise<void> =>
  page.until(`(() => {
    const stage = document.querySelector(".stage");
    const video = stage?.querySelector("[data-picture=${kind}]");
    return stage?.dataset.showing === "${kind}" && video?.readyState >= 3 && !video.paused &&
      video.currentTime > ${seconds};
  })()`);

const secondsOf = (page: WebkitPage, kind: string): Promise<number> =>
  page.run(`return document.querySelector("[data-picture=${kind}]").currentTime;`, z.number());
