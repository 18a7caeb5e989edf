import type { Duplex } from "node:stream";

/**
 * Passes on all that comes from either to the other, to the end of both. One that breaks off takes the
 * other along. Two `pipeline`s of the pair would do the same with eight listeners to the end of each
 * socket, of which Node's own and those of a handed connection make more than the ten that it allows.
 */
export function joinSockets(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.pipe(to);
    from.on("error", () => from.destroy());
    from.once("close", () => {
      // Else its end was passed on, and what it was still to be sent has arrived.
      if (!from.readableEnded || !from.writableFinished) to.destroy();
    });
  }
}
