import { FACTS_PLUGIN } from "@upreel/core";
import { createPlugin, type Host } from "@upreel/plugin-sdk";
import { scanFilms } from "./scan-films.ts";
import type { FilmTools } from "./film-tools.ts";

async function toolsOf(host: Host): Promise<FilmTools> {
  const { ffmpeg, ffprobe } = await host.getConfig();
  return {
    ffmpeg: typeof ffmpeg === "string" ? ffmpeg : "ffmpeg",
    ffprobe: typeof ffprobe === "string" ? ffprobe : "ffprobe",
  };
}

createPlugin({
  "media-scan": {
    algorithmVersion: () => FACTS_PLUGIN.algorithmVersion,
    scanSingle: async ({ file }, host) => scanFilms([file], await toolsOf(host), host),
    scanBatch: async ({ files }, host) => scanFilms(files, await toolsOf(host), host),
  },
});
