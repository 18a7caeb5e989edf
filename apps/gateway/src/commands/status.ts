import type { StreamStatus } from "@upreel/core";
import { loadConfig } from "../config.ts";
import { gatewayUrl, listStreams, readScans, readStatus } from "./gateway-client.ts";
import { formatSeconds } from "./progress-view.ts";

/** `upreel status [url]`: of one stream when the URL is its check_url, else of all. */
export async function status(given: string | undefined): Promise<void> {
  const config = loadConfig();
  const url = given ?? gatewayUrl(config);
  const isOne = /\/(status|progress)\/[^/]+$/.test(url);
  const streams = isOne
    ? [await readStatus(url, config.apiToken)]
    : await listStreams(url, config.apiToken);
  if (streams.length === 0) console.log("no films yet");
  for (const stream of streams) console.log(statusLine(stream));
  if (isOne) return;
  const scans = await readScans(url, config.apiToken).catch(() => undefined);
  const looking = scans?.jobs.find(({ state }) => state === "running");
  const task = looking?.tasks.find(({ state }) => state === "running");
  if (looking !== undefined && task !== undefined)
    console.log(`${task.plugin} looks at ${looking.path} (${looking.films ?? 1} films)`);
}

/** One stream in one line for people. */
function statusLine(stream: StreamStatus): string {
  const isRunning = stream.state === "running";
  const parts = [
    stream.state.padEnd(9),
    `${(stream.ratio * 100).toFixed(1).padStart(5)} %`,
    isRunning ? `${stream.speed.toFixed(2)}× ${stream.fps.toFixed(0)} fps` : undefined,
    isRunning && stream.eta_seconds !== null
      ? `${formatSeconds(stream.eta_seconds)} left`
      : undefined,
    stream.title,
    stream.model === null ? undefined : `(${stream.model} on ${stream.provider})`,
    stream.workers && `with ${stream.workers.map(({ name }) => name).join(", ")}`,
    stream.reason?.message,
    stream.id,
  ];
  return parts.filter((part) => part !== undefined).join("  ");
}
