import { createHash } from "node:crypto";
import { segmentFileName } from "@upreel/core";
import { eventually } from "@upreel/testkit";
import type { RunningGateway } from "./start-gateway.ts";

const PACKET_BYTES = 188;
const isNull = (bytes: Buffer): boolean => (bytes.readUInt16BE(1) & 0x1fff) === 0x1fff;

/** Of a segment that was waited for: without the empty packets that kept its player waiting. */
function withoutWaiting(bytes: Buffer): Buffer {
  let from = 0;
  while (from < bytes.length && isNull(bytes.subarray(from))) from += PACKET_BYTES;
  return bytes.subarray(from);
}

/** A player behind a balancer: each segment from the next gateway; what does not answer is asked of another one. */
export function watchSegments(id: string, gateways: () => readonly RunningGateway[]) {
  let turn = 0;
  const sums: string[] = [];
  const ask = async (k: number): Promise<string | undefined> => {
    const all = gateways();
    const gateway = all[turn++ % all.length];
    const answer = await fetch(`${gateway?.url}/hls/${id}/segments/${segmentFileName(k)}`);
    if (!answer.ok) throw new Error(`segment ${k}: ${answer.status} ${await answer.text()}`);
    const bytes = withoutWaiting(Buffer.from(await answer.arrayBuffer()));
    return createHash("sha1").update(bytes).digest("hex");
  };
  return {
    sums,
    sum: ask,
    async upTo(end: number): Promise<void> {
      while (sums.length < end) {
        const sum = await eventually(`segment ${sums.length}`, () =>
          ask(sums.length).catch((error: unknown) => {
            // Cut, or refused: a balancer asks the next one. What is answered must be a segment.
            if (error instanceof TypeError) return undefined;
            throw error;
          }),
        );
        sums.push(sum);
      }
    },
  };
}
