import { expect, it } from "vitest";
import { heldUp } from "./held-up.ts";

const FILMS = [
  { title: "A", stage: "encode", encoder: "libx264" },
  { title: "B", stage: undefined, encoder: "libx264" },
  { title: "C", stage: "network", encoder: "libx264" },
] as const;

it("says what would help each film that is being made", async () => {
  const findings = await heldUp(FILMS, () => Promise.resolve(undefined));
  expect(findings).toMatchObject([
    { what: "speed", verdict: "note", message: expect.stringMatching(/^A: Encoding .*hardware/) },
    { what: "speed", verdict: "note", message: expect.stringMatching(/^C: The model /) },
  ]);
});

it("names an encoder that works here, which is tried out where that would help alone", async () => {
  let tried = 0;
  const tryOut = async () => {
    tried += 1;
    return "h264_qsv" as const;
  };
  const [a, c] = await heldUp(FILMS, tryOut);
  expect(a?.message).toBe(
    "A: Encoding holds it up: VIDEO_ENCODER=h264_qsv works on this machine, and would help.",
  );
  expect(c?.message).toContain("model");
  await heldUp([{ title: "D", stage: "encode", encoder: "h264_vaapi" }, FILMS[2]], tryOut);
  expect(tried).toBe(1);
});

it("says the same in general where none works", async () => {
  const broken = () => Promise.reject(new Error("no driver"));
  expect((await heldUp(FILMS, broken))[0]?.message).toMatch(/^A: Encoding .*hardware/);
});
