import { readSync, writevSync } from "node:fs";

/** Fills `frame` from the pipe; the bytes got, fewer than asked only at the end of input. */
export function readFrame(fd: number, frame: Uint8Array): number {
  let got = 0;
  while (got < frame.length) {
    const bytes = readSync(fd, frame, got, frame.length - got, null);
    if (bytes === 0) break;
    got += bytes;
  }
  return got;
}

/** Writes all parts, one after the other. */
export function writeFrame(fd: number, parts: readonly Uint8Array[]): void {
  let pending = parts.filter((part) => part.length > 0);
  while (pending.length > 0) {
    let written = writevSync(fd, pending);
    const rest: Uint8Array[] = [];
    for (const part of pending) {
      const taken = Math.min(written, part.length);
      written -= taken;
      if (taken < part.length) rest.push(part.subarray(taken));
    }
    pending = rest;
  }
}
