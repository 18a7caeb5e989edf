import { createPlugin, type Host } from "@upreel/plugin-sdk";
import { ALGORITHM_VERSION, scanFilm, scanSeason } from "./scan.ts";

async function ffmpegOf(host: Host): Promise<string> {
  const { ffmpeg } = await host.getConfig();
  return typeof ffmpeg === "string" ? ffmpeg : "ffmpeg";
}

createPlugin({
  "media-scan": {
    algorithmVersion: () => ALGORITHM_VERSION,
    scanSingle: async ({ file }, host) => scanFilm(file, await ffmpegOf(host), host),
    scanBatch: async ({ files }, host) => scanSeason(files, await ffmpegOf(host), host),
  },
});
