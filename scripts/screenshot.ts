import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { makeTempFolder } from "@upreel/testkit";
import { openPage } from "../tests/support/players.ts";
import { startGateway } from "../tests/support/start-gateway.ts";

/** `node scripts/screenshot.ts film.mp4`: the pictures of docs/screenshots, from a real upscale of that film. */
const film = resolve(process.argv[2] ?? "");
const target = fileURLToPath(new URL("../docs/screenshots/", import.meta.url));
await mkdir(target, { recursive: true });
await using folder = await makeTempFolder();
await using gateway = await startGateway({
  dataDir: join(folder.path, "data"),
  roots: dirname(film),
});
const { id, player_url: url } = await gateway.trigger(film);
await gateway.waitFor(id, (status) => status.segments_ready >= 2);
await using opened = await openPage(url);
await opened.page.setViewportSize({ width: 1100, height: 900 });
await opened.page.waitForFunction(
  `(document.querySelector("[data-showing=upscaled] [data-picture=upscaled]")?.currentTime ?? 0) > 1.5`,
);
await opened.page.screenshot({ path: join(target, "watch.png") });
