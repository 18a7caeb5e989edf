import { z } from "zod";
import { setting, whole } from "./setting.ts";

/** Doors for programs that were written for other services. */
export const serviceSettings = {
  AI_SERVICE_PORT: setting(
    whole(0, 65_535).optional(),
    "a whole number from 0 to 65535",
    "The port where Upreel answers Jellyfin's upscaler plugin, in place of the plugin's Python service ([doors.md](doors.md)). Off unless set.",
  ),
  AI_SERVICE_HOST: setting(
    z.string().min(1).default("127.0.0.1"),
    "a host name or an IP address",
    "Network address of `AI_SERVICE_PORT`; `0.0.0.0` if Jellyfin runs on another computer.",
  ),
  AI_SERVICE_TOKEN: setting(
    z.union([z.string().min(8), z.literal("none")]).optional(),
    "at least 8 characters, or none",
    "Password of `AI_SERVICE_PORT`: the plugin's setting for the API token (`X-Api-Token`). Without one, nothing is upscaled there; `none` lets in everybody who reaches the port.",
  ),
  TRANSCODE_PORT: setting(
    whole(0, 65_535).optional(),
    "a whole number from 0 to 65535",
    "The port where Upreel answers programs that send films to a remote transcoder (`POST /transcode`; [doors.md](doors.md)). Off unless set.",
  ),
  TRANSCODE_HOST: setting(
    z.string().min(1).default("127.0.0.1"),
    "a host name or an IP address",
    "Network address of `TRANSCODE_PORT`; `0.0.0.0` for programs on other computers.",
  ),
  TRANSCODE_TOKEN: setting(
    z.union([z.string().min(8), z.literal("none")]).optional(),
    "at least 8 characters, or none",
    "Password of `TRANSCODE_PORT`, sent as `X-API-Key` with every call. Without one, all calls are refused; `none` lets in everybody who reaches the port.",
  ),
};
