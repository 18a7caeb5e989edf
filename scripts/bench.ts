import { parseArgs } from "node:util";
import { benchDashboard } from "./bench/dashboard.ts";
import { benchFarm } from "./bench/farm.ts";
import { benchFrames } from "./bench/frames.ts";
import { benchLook } from "./bench/look.ts";
import { benchGateways } from "./bench/gateways.ts";
import { benchJellyfin } from "./bench/jellyfin.ts";
import { benchOtherWays } from "./bench/other-ways.ts";
import { benchPages } from "./bench/pages.ts";
import { benchPlay } from "./bench/play.ts";
import { benchReuse } from "./bench/reuse.ts";
import { benchRun } from "./bench/run.ts";
import { benchScreens } from "./bench/screens.ts";
import { benchSeason } from "./bench/season/bench-season.ts";
import { benchTable } from "./bench/table.ts";
import { benchTriggers } from "./bench/triggers.ts";
import { benchWaits } from "./bench/waits.ts";

/**
 * `npm run bench`: an upscale, part by part and whole, with a real gateway
 * (`[-- --json] [--clip film.mkv] [--model id] [--seconds 30]`).
 * `npm run bench -- waits`, with the same options: first segments after start, seek and power loss, and
 * the disk that making needs.
 * `npm run bench -- play`, with the same options: a film of 480 lines, watched to its end; changes of its network, stalls.
 * `npm run bench -- jellyfin`, likewise: how long clients wait for PlaybackInfo, with and without the film's page before,
 * and how long the picture is away when one changes over in mid-play.
 * `npm run bench -- reuse --media folder [--clip pattern] [--model id]`: what standing pictures save.
 * `npm run bench -- season --media folder [--clip folder to keep the episodes in]`: intros and credits of a made season, right or not.
 * `npm run bench -- dashboard [--seconds 120]`: fifty films on the dashboard in Chromium, smoothness and heap.
 * `npm run bench -- look`: a slider of the player's look that moves for ten seconds while a film plays in Chromium.
 * `npm run bench -- pages [--seconds 30]`: a click on the shelf until a picture in Chromium, the same for a switch between original and
 * upscaled, a jump and a restart of the gateway, and what the first load weighs.
 * `npm run bench -- table [--providers cpu,webgpu] [--model pattern] [--heights 360,720] [--clip film.mkv]`:
 * every built-in network at four film sizes.
 * `npm run bench -- ways [--clip film.mkv]`: the same film by a picture server, by Upreel, and by ffmpeg's scaler.
 * `npm run bench -- screens [--clip film.mkv] [--model pattern]`: films on the screens that people have (720 → 1080 …),
 * with the CPU that decoding, network and encoding take.
 * `npm run bench -- triggers [--count 300]`: how long triggers that come at once wait for their answers.
 * `npm run bench -- frames [--clip film.mkv]`: JPEG frames through the door for the upscaler plugin,
 * through a warm service like the plugin's own, and a process for each.
 * `npm run bench -- farm [--only return|sound|beside|one-film|many-films|faults|part of a fault]`: workers in network namespaces, which root alone can make:
 * what several make together, and what a player sees of what befalls one of them. `--only return` and `--only sound`, for anybody: what it
 * takes to send a segment back, and to make the sound of a film in parts.
 * `npm run bench -- gateways [--count 5]`: how long a film waits for another gateway when its own is killed or stopped.
 * Figures are of this machine as loaded as it is: run it on an idle one.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    clip: { type: "string" },
    model: { type: "string" },
    seconds: { type: "string", default: "30" },
    providers: { type: "string", default: "cpu" },
    heights: { type: "string", default: "360,480,540,720" },
    media: { type: "string", default: "." },
    only: { type: "string", default: "" },
    count: { type: "string" },
  },
});

const [what = "run"] = positionals;
const options = {
  json: values.json,
  clip: values.clip,
  model: values.model ?? "upreel-x2-full16",
  seconds: Number(values.seconds),
};
const benches: Readonly<Record<string, () => Promise<void>>> = {
  run: () => benchRun(options),
  waits: () => benchWaits(options),
  play: () => benchPlay({ ...options, model: values.model ?? "auto" }),
  jellyfin: () => benchJellyfin({ ...options, model: values.model ?? "auto" }),
  reuse: () =>
    benchReuse(values.media, values.clip ?? "", values.model ?? "upreel-x2-live16x1-int8"),
  season: () => benchSeason(values.media, values.clip),
  dashboard: () => benchDashboard(options.seconds, options.json),
  look: () => benchLook(options.json),
  pages: () => benchPages(options.seconds, options.json),
  table: () =>
    benchTable({
      providers: values.providers.split(","),
      pattern: values.model ?? "",
      heights: values.heights.split(",").map(Number),
      clip: values.clip,
    }),
  ways: () => benchOtherWays(values.clip),
  screens: () => benchScreens(values.clip, values.model ?? "sharp16x0-50-int8"),
  frames: () => benchFrames(options),
  farm: () => benchFarm({ json: values.json, only: values.only }),
  gateways: () => benchGateways({ json: values.json, count: Number(values.count ?? 5) }),
  triggers: () => benchTriggers({ json: values.json, count: Number(values.count ?? 300) }),
};
const bench = Object.hasOwn(benches, what) ? benches[what] : undefined;
if (bench === undefined) {
  console.error(
    `There is no benchmark ${what}; there are ${Object.keys(benches).join(", ")} (run if none is named)`,
  );
  process.exitCode = 2;
} else await bench();
// Inference threads of the measurement are still there.
process.exit();
