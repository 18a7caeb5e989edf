import { expect, it } from "vitest";
import { boundedLines, type LineBounds } from "./bounded-lines.ts";

const BOUNDS: LineBounds = { longestLine: 10, mostCharacters: 40, mostLines: 5, perMs: 1_000 };

function listen() {
  const lines: string[] = [];
  const faults: string[] = [];
  const clock = { ms: 0 };
  const take = boundedLines(BOUNDS, {
    onLine: (line) => lines.push(line),
    onFault: (fault) => faults.push(fault),
    nowMs: () => clock.ms,
  });
  return { lines, faults, clock, take: (text: string | Buffer) => take(Buffer.from(text)) };
}

it("cuts what comes into lines, wherever the pieces and the letters are cut", () => {
  const { lines, faults, take } = listen();
  const bytes = Buffer.from("aé\nb\nrest");
  for (const byte of bytes) take(Buffer.of(byte));
  expect(lines).toEqual(["aé", "b"]);
  expect(faults).toEqual([]);
});

it("says once that a line is too long, and takes nothing any more", () => {
  const { lines, faults, take } = listen();
  take("12345678901");
  take("\nnext\n");
  expect(faults).toEqual(["line_too_long"]);
  expect(lines).toEqual([]);
});

it("takes no line that is too long, wherever it lies in what comes at once", () => {
  for (const rest of ["12345678901\nnext\n", "12345678901"]) {
    const { lines, faults, take } = listen();
    take(`first\n${rest}`);
    expect(faults).toEqual(["line_too_long"]);
    expect(lines).toEqual(["first"]);
  }
});

it("takes as much in each while as it may, and no more", () => {
  const { lines, faults, clock, take } = listen();
  take("1\n2\n3\n4\n5\n");
  clock.ms = 1_000;
  take("6\n");
  expect(lines).toHaveLength(6);
  expect(faults).toEqual([]);
  take("1\n2\n3\n4\n5\n");
  expect(faults).toEqual(["flood"]);
});

it("counts characters as well as lines", () => {
  const { faults, take } = listen();
  for (let n = 0; n < 5; n += 1) take("123456789\n");
  expect(faults).toEqual(["flood"]);
});
