import { join } from "node:path";

/** A gateway's own part of a data folder that it shares: by where the others reach it, which no two have in common. */
export const peerFolder = (dataDir: string, gatewayUrl: string | undefined): string =>
  gatewayUrl === undefined
    ? dataDir
    : join(dataDir, "gateways", new URL(gatewayUrl).host.replaceAll(/[^\w.-]/g, "_"));
