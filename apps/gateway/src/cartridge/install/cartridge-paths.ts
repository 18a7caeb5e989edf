import { join } from "node:path";

/** What lies in the folder of Jellyfin's ffmpeg. */
export const cartridgePaths = (folder: string) => {
  const own = join(folder, "upreel-cartridge");
  return {
    ffmpeg: join(folder, "ffmpeg"),
    /** Jellyfin's own one, while the shim is in its place. */
    real: join(folder, "ffmpeg.upreel-real"),
    own,
    file: join(own, "cartridge.json"),
    sessions: join(own, "sessions"),
    /** What Node keeps, so that it begins in half the time. */
    compiled: join(own, "compiled"),
  };
};
