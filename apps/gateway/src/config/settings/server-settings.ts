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

/** How the gateway is reached, and what it may read and write. */
export const serverSettings = {
  PORT: setting(
    whole(0, 65_535).default(5000),
    "a whole number from 0 to 65535",
    "TCP port to listen on; 0 takes any free one.",
  ),
  HOST: setting(
    z.string().min(1).default("127.0.0.1"),
    "a host name or an IP address",
    "Address to listen on. The default answers this machine alone; `0.0.0.0` answers the network, to those who have the `API_TOKEN`.",
  ),
  DATA_DIR: setting(
    // ffmpeg's HLS muxer takes a % in a path for the segment's number.
    z
      .string()
      .min(1)
      .regex(/^[^%]*$/)
      .default("./data"),
    "a folder without % in its name",
    "Where streams, finished films and downloaded models are kept.",
  ),
  MEDIA_ROOTS: setting(
    pathList.default([]),
    "absolute folders separated by `:` (in the file: an array)",
    "Only files in these folders may be upscaled, symlinks resolved. `upreel serve <film>` and `upreel upscale <film>` add the folder of that film. With none, every trigger is refused.",
  ),
  PUBLIC_URL: setting(
    z.string().refine(isHttpUrl).optional(),
    "an http:// or https:// URL without query",
    "How players reach the gateway; the URLs in answers start with it. Without it they use the Host header of the request.",
  ),
  ALLOWED_HOSTS: setting(
    nameList.default([]),
    "host names, with or without a port, separated by commas (in the file: an array)",
    "Names by which the gateway is reached, besides that of `PUBLIC_URL`, addresses, and names of the local network. Without `API_TOKEN`, nothing is answered by any other name: it may be a stranger's. Behind a proxy that does not tell the name that was asked for, also what browsers show: `nas.lan:8080`.",
  ),
  API_TOKEN: setting(
    z.union([z.string().min(8), z.literal("none")]).optional(),
    "at least 8 characters, or none",
    "Calls need `Authorization: Bearer …` or `X-Api-Token`. Playing by a stream's own URL, its status and `/health` stay open. Where `HOST` answers more than this machine, a token is made at the first start, printed once and kept in `DATA_DIR` as `api-token`, unless this is `none`.",
  ),
  TRUSTED_PROXIES: setting(
    netList.default(["127.0.0.0/8", "::1"]),
    "addresses or networks (`10.0.0.0/8`) separated by commas, or none (in the file: an array)",
    "Proxies in front of `PROXY_PORT` whose `X-Forwarded-For`, `-Host` and `-Proto` go on to Jellyfin, with their own address added. What anybody else says of himself is replaced by what is true.",
  ),
};
