import { createHmac } from "node:crypto";
import { join } from "node:path";
import type { Jobs, Log } from "@upreel/core";
import { readSecret } from "@upreel/engine";
import { openJobs } from "@upreel/jobs";
import type { Config } from "./config.ts";

/** Exports, downloads and scans: in this process and a file, or on the server of `FARM_URL`. */
export async function openGatewayJobs(
  { dataDir, farmUrl }: Pick<Config, "dataDir" | "farmUrl">,
  log: Log,
): Promise<Jobs> {
  // Whoever may look into the server learns nothing of the stream ids from it.
  const secret = await readSecret(join(dataDir, "secret"));
  const installation = createHmac("sha256", secret).update("jobs").digest("hex").slice(0, 16);
  return openJobs({ url: farmUrl, file: join(dataDir, "jobs.json"), installation, log });
}
