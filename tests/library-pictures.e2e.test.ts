import { fileURLToPath } from "node:url";
import { makeFakeItem, startFakeJellyfin } from "@upreel/testkit";
import { expect, it } from "vitest";
import { SMALL_PNG } from "../apps/gateway/src/testing/small-png.ts";
import { startTestApp } from "../apps/gateway/src/testing/start-app.ts";
import { openPage } from "./support/chromium.ts";

const PAGES = fileURLToPath(new URL("../apps/player/dist", import.meta.url));

it("the System page upscales Jellyfin's small pictures by a click, and puts them back by another", async () => {
  const item = makeFakeItem({
    ...{ id: "0000000000000000000000000000000a", path: "/media/movies/a.mkv" },
    images: [{ type: "Primary", bytes: SMALL_PNG }],
  });
  await using jellyfin = await startFakeJellyfin({ items: [item] });
  await using app = await startTestApp(
    { JELLYFIN_URL: jellyfin.url, JELLYFIN_API_KEY: jellyfin.apiKey },
    undefined,
    { pagesFolder: PAGES },
  );
  await using opened = await openPage(`${app.url}/#/system`);
  const { page, problems } = opened;
  await page.getByRole("button", { name: "Upscale small pictures" }).click();
  await page.getByText("1 upscaled, 1 checked").waitFor();
  expect(item.images[0]?.bytes.readUInt32BE(16)).toBe(12);
  await page.getByRole("button", { name: "Put the originals back" }).click();
  await expect.poll(() => item.images[0]?.bytes.equals(SMALL_PNG)).toBe(true);
  expect(problems).toEqual([]);
});
