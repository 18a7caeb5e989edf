import { join } from "node:path";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { FIREFOX, openInFirefox, type FirefoxPage } from "./support/firefox.ts";
import { startGateway } from "./support/start-gateway.ts";

/** Long enough that nothing of this comes near its end on a slow machine. */
const CLIP = { width: 128, height: 72, rate: 12, seconds: 150 } as const;

it.skipIf(FIREFOX === undefined)(
  "Firefox plays a film, seeks, and changes to the original and back (needs firefox-esr)",
  async () => {
    await using folder = await makeTempFolder();
    await using gateway = await startGateway({
      ...{ dataDir: join(folder.path, "data"), roots: folder.path },
      env: { MODEL: "lanczos" },
    });
    const { id } = await gateway.trigger(await makeClip(join(folder.path, "film.mp4"), CLIP));
    await gateway.waitFor(id, ({ state }) => state === "complete");
    await using opened = await openInFirefox(`${gateway.url}/watch/${id}`);
    const { page, problems } = opened;
    await plays(opened, "upscaled", 1);
    await page.keyboard.press("5");
    await plays(opened, "upscaled", CLIP.seconds / 2);
    await page.keyboard.press("1");
    await page.keyboard.press("u");
    await plays(opened, "original", CLIP.seconds / 10);
    const before = await secondsOf(opened, "original");
    await page.keyboard.press("u");
    // It goes on where the other one was.
    await plays(opened, "upscaled", before);
    expect(problems).toEqual([]);
  },
);

/** Waits until this film is the one that is seen, and plays beyond that second. */
const plays = ({ page }: FirefoxPage, kind: string, seconds: number): Promise<unknown> =>
  page.waitForFunction(
    `(() => {
      const stage = document.querySelector(".stage");
      const video = stage?.querySelector("[data-picture=${kind}]");
      return stage?.dataset.showing === "${kind}" && video.readyState >= 3 && !video.paused &&
        video.currentTime > ${seconds};
    })()`,
  );

const secondsOf = ({ page }: FirefoxPage, kind: string): Promise<number> =>
  page.evaluate(`document.querySelector("[data-picture=${kind}]").currentTime`) as Promise<number>;
