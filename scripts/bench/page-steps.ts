import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { GatewayOptions, RunningGateway } from "../../tests/support/start-gateway.ts";
import { startGateway } from "../../tests/support/start-gateway.ts";
import { DOUBLED, makeFilm } from "./film.ts";
import type { Row } from "./print-rows.ts";

export const PATIENCE = { timeout: 180_000 };

/** A film, and a gateway that makes it as a viewer would have it made. */
export async function openGateway(
  folder: string,
  film: string,
  seconds: number,
): Promise<{ readonly gateway: RunningGateway; readonly options: GatewayOptions }> {
  const roots = join(folder, film);
  await mkdir(roots);
  await makeFilm(join(roots, "film.mp4"), seconds);
  const options = {
    ...{ dataDir: join(folder, `${film}-data`), roots },
    env: { ...DOUBLED, KEEP_UP: "on" },
  };
  return { gateway: await startGateway(options), options };
}

/** Clicks the one film of the shelf; gives when, in milliseconds. */
export async function openFilm(page: Page): Promise<number> {
  const film = page.locator(".film-grid .film-link").first();
  await film.waitFor(PATIENCE);
  const at = performance.now();
  await film.click();
  return at;
}

/** A jump may come down at the key frame before, and the picture goes on meanwhile. */
const NEAR_SECONDS = 6;

/**
 * Seconds from `sinceMs` until a picture is in front that moves: of this kind, and near this second of the film, where
 * those are named.
 */
export async function untilMoves(
  page: Page,
  sinceMs: number,
  { kind = "", near }: { readonly kind?: string; readonly near?: number } = {},
): Promise<number> {
  await page.waitForFunction(
    `(() => {
      const stage = document.querySelector(".stage");
      const kind = stage?.dataset.showing;
      const video = stage?.querySelector(\`video[data-picture=\${kind}]\`) ?? null;
      if (video === null || (${JSON.stringify(kind)} || kind) !== kind) return false;
      const isThere = Math.abs(video.currentTime - ${near ?? "video.currentTime"}) < ${NEAR_SECONDS};
      const last = window.lastSeen;
      window.lastSeen = { video, seconds: video.currentTime };
      return isThere && !video.seeking && video.readyState >= 2 && last?.video === video &&
        video.currentTime > last.seconds;
    })()`,
    undefined,
    { ...PATIENCE, polling: 20 },
  );
  return (performance.now() - sinceMs) / 1000;
}

const press = async (page: Page, key: string): Promise<number> => {
  const at = performance.now();
  await page.keyboard.press(key);
  return at;
};

/** From one picture to the other and back, both of which are there. */
export async function switchSteps(page: Page): Promise<Row[]> {
  const rows: Row[] = [];
  for (const kind of ["original", "upscaled"]) {
    const seen = await untilMoves(page, await press(page, "u"), { kind });
    rows.push([`finished film: key → ${kind} picture`, seen, "s"]);
  }
  return rows;
}

/** A film that is not over before its upscaled picture comes. */
const LONG_SECONDS = 240;

/** A jump to where nothing is made yet, and one while the gateway is away, which is started again. */
export async function jumpSteps(page: Page, folder: string): Promise<Row[]> {
  const { gateway, options } = await openGateway(folder, "jumps", LONG_SECONDS);
  await using first = gateway;
  await page.goto(first.url);
  await untilMoves(page, await openFilm(page), { kind: "upscaled" });
  const jumped = await press(page, "7");
  const near = LONG_SECONDS * 0.7;
  const rows: Row[] = [
    ["fresh film: jump → picture", await untilMoves(page, jumped, { near }), "s"],
    [
      "fresh film: jump → upscaled picture",
      // Somewhere behind it: a run begins ahead of who watches the original meanwhile.
      await untilMoves(page, jumped, { kind: "upscaled" }),
      "s",
    ],
  ];
  await first.kill();
  await page.getByText("Upreel is not responding").first().waitFor(PATIENCE);
  // What the page asks for now fails.
  await page.keyboard.press("3");
  await using _again = await startGateway({ ...options, port: Number(new URL(first.url).port) });
  const back = await untilMoves(page, performance.now(), { near: LONG_SECONDS * 0.3 });
  return [...rows, ["gateway restarted, it listens → picture at another place", back, "s"]];
}
