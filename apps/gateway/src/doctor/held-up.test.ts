import { expect, it } from "vitest";
import { heldUp } from "./held-up.ts";

it("says what would help each film that is being made", () => {
  const stages = { heldUpBy: "encode", decode: 0.1, encode: 0.8 } as const;
  expect(
    heldUp([
      { title: "A", stages },
      { title: "B", stages: undefined },
    ]),
  ).toEqual([{ what: "speed", verdict: "note", message: expect.stringMatching(/^A: Encoding /) }]);
});
