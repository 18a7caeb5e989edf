import { readFile } from "node:fs/promises";
import { createGatewayClient } from "@upreel/workers";

/**
 * A worker that sends one segment again and again: `node send-segments.ts <gateway> <name> <key> <run> <segment> <file> <times>`. Prints
 * the milliseconds of one: of processor, and of the clock.
 */
const [url = "", name = "", key = "", run = "", segment = "", file = "", times = ""] =
  process.argv.slice(2);
const gateway = createGatewayClient({ url, name, key });
const { signal } = new AbortController();
const send = async (): Promise<void> =>
  await gateway.putSegment(run, Number(segment), await readFile(file), signal);
const count = Number(times);
// Code that runs for the first time takes more.
for (let n = 0; n < 20; n++) await send();
const [before, beganMs] = [process.cpuUsage(), performance.now()];
for (let n = 0; n < count; n++) await send();
const { user, system } = process.cpuUsage(before);
const cpu = (user + system) / 1_000 / count;
console.log(JSON.stringify({ cpu, wall: (performance.now() - beganMs) / count }));
