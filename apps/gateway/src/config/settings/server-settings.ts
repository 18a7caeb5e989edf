import { z } from "zod";
import { isHttpUrl, setting, whole } from "./setting.ts";

/** A list separated by `:` in the environment, an array of strings in the file. */
const pathList = z.preprocess(
  (value) =>
    typeof value === "string" ? value.split(":").filter((entry) => entry.trim() !== "") : value,
  z.array(z.string().startsWith("/")),
);

/** A list separated by commas in the environment, an array of strings in the file. */
const nameList = z.preprocess(
  (value) =>
    typeof value === "string" ? value.split(",").filter((entry) => entry.trim() !== "") : value,
  z.array(
    z
      .string()
      .trim()
      .toLowerCase()
      .regex(/^[a-z0-9._-]+(:\d{1,5})?$/),
  ),
);

/** Addresses and networks separated by commas, `none` for none; an array of strings in the file. */
const netList = z.preprocess(
  (value) =>
    typeof value === "string"
      ? value
          .split(",")
          .map((entry) => entry.trim())
          .filter((entry) => entry !== "" && entry !== "none")
      : value,
  z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])),
);

const isRedisUrl = (text: string): boolean =>
  URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol) && new URL(text).hostname !== "";

/** How the gateway is reached, and what it may read and write. */
export const serverSettings = {
  PORT: setting(
    whole(0, 65_535).default(5000),
    "a whole number from 0 to 65535",
    "Port of Upreel's pages and API; 0 picks any free port.",
  ),
  HOST: setting(
    z.string().min(1).default("127.0.0.1"),
    "a host name or an IP address",
    "Network address of Upreel's pages and API. By default only this computer can reach them; with `0.0.0.0` the whole network can, with the `API_TOKEN`.",
  ),
  DATA_DIR: setting(
    // ffmpeg's HLS muxer takes a % in a path for the segment's number.
    z
      .string()
      .min(1)
      .regex(/^[^%]*$/)
      .default("./data"),
    "a folder without % in its name",
    "Where upscaled films, unfinished work and downloaded models are stored.",
  ),
  MEDIA_ROOTS: setting(
    pathList.default([]),
    "absolute folders separated by `:` (in the file: an array)",
    "Your film folders. Only films in them can be upscaled; links that lead elsewhere do not count. `upreel serve <film>` and `upreel upscale <film>` add the folder of that film.",
  ),
  PUBLIC_URL: setting(
    z.string().refine(isHttpUrl).optional(),
    "an http:// or https:// URL without query",
    "The address at which players reach Upreel, if it is not the one that the browser used (behind a proxy, for example).",
  ),
  ALLOWED_HOSTS: setting(
    nameList.default([]),
    "host names, with or without a port, separated by commas (in the file: an array)",
    "Further host names under which Upreel may be opened, besides `PUBLIC_URL`, IP addresses and names of the local network. Without `API_TOKEN`, all other names are refused: they could be another site's. Behind a proxy that hides the name, add the one that the browser shows: `nas.lan:8080`.",
  ),
  API_TOKEN: setting(
    z.union([z.string().min(8), z.literal("none")]).optional(),
    "at least 8 characters, or none",
    "Password for pages and API (`Authorization: Bearer …` or `X-Api-Token`). Playing a film by its own link, its status and `/health` need none. If `HOST` is open to other computers, a token is made at the first start, printed once and stored in `DATA_DIR` as `api-token`, unless this is `none`.",
  ),
  TRUSTED_PROXIES: setting(
    netList.default(["127.0.0.0/8", "::1"]),
    "addresses or networks (`10.0.0.0/8`) separated by commas, or none (in the file: an array)",
    "Proxies in front of `PROXY_PORT` whose `X-Forwarded-For`, `-Host` and `-Proto` headers are passed on to Jellyfin. The same headers from anybody else are replaced.",
  ),
  FARM_URL: setting(
    z.string().refine(isRedisUrl).optional(),
    "redis://…, or rediss://… with TLS",
    "A Valkey or Redis server (7 or later, `maxmemory-policy noeviction`) that keeps exports, downloads and films for plugins in its queues, with user and password if it needs them: `rediss://user:password@host:6379`. Without it Upreel keeps them itself and needs no server.",
  ),
  GATEWAY_URL: setting(
    z.string().refine(isHttpUrl).optional(),
    "an http:// or https:// URL without query",
    "With `FARM_URL`: the address at which the other gateways with the same `DATA_DIR` reach this one, for example `http://gateway-1:5000`; a different one for each. Lets several gateways share a data folder. Without it, this gateway must be the only one.",
  ),
};
