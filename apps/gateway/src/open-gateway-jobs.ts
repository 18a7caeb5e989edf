import { createHmac } from "node:crypto";
import { join } from "node:path";
import type { Jobs, Leases, Log } from "@upreel/core";
import { readSecret } from "@upreel/engine";
import { openJobs, openLeases } from "@upreel/jobs";
import type { Config } from "./config.ts";

/** Whoever may look into the server of `FARM_URL` learns nothing of the stream ids from it. */
async function nameInstallation(dataDir: string): Promise<string> {
  const secret = await readSecret(join(dataDir, "secret"));
  return createHmac("sha256", secret).update("jobs").digest("hex").slice(0, 16);
}

/** Exports, downloads and scans: in this process and a file, or on the server of `FARM_URL`. */
export async function openGatewayJobs(
  { dataDir, farmUrl }: Pick<Config, "dataDir" | "farmUrl">,
  log: Log,
): Promise<Jobs> {
  const installation = await nameInstallation(dataDir);
  return openJobs({ url: farmUrl, file: join(dataDir, "jobs.json"), installation, log });
}

/** Which gateway owns which stream: this one all, or as the server of `FARM_URL` tells. */
export async function openGatewayLeases(
  { dataDir, farmUrl, gatewayUrl }: Pick<Config, "dataDir" | "farmUrl" | "gatewayUrl">,
  log: Log,
): Promise<Leases> {
  const installation = await nameInstallation(dataDir);
  return openLeases({ url: farmUrl, address: gatewayUrl, installation, log });
}
