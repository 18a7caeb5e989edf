import { encode } from "uqr";
import { expect, it } from "vitest";
import { shareLines } from "./share.ts";

const config = { host: "192.168.1.20", publicUrl: undefined, apiToken: "abcd-efgh", dataDir: "/d" };
const LISTENING = "http://127.0.0.1:5000";

/** The modules of the code that half blocks draw. */
const modulesOf = (drawn: string): boolean[][] =>
  drawn
    .split("\n")
    .map((line) => line.split(""))
    .flatMap((halves) => [
      halves.map((half) => half === " " || half === "▄"),
      halves.map((half) => half === " " || half === "▀"),
    ]);

it("a terminal shows the address, the token, and a code that signs a phone in", () => {
  const lines = shareLines(config, LISTENING, true);
  expect(lines.join("\n")).toContain("http://192.168.1.20:5000/");
  expect(lines.join("\n")).toContain("abcd-efgh");
  const code = modulesOf(lines.find((line) => line.includes("▀")) ?? "");
  const wanted = encode("http://192.168.1.20:5000/#token=abcd-efgh", { border: 2 });
  expect(code.slice(0, wanted.size)).toEqual(wanted.data);
});

it("a log is told the address, but no token", () => {
  const text = shareLines(config, LISTENING, false).join("\n");
  expect(text).toContain("http://192.168.1.20:5000/");
  expect(text).toContain("/d/api-token");
  expect(text).not.toContain("abcd");
});

it("the address that was configured is the one that is told", () => {
  const lines = shareLines(
    { ...config, publicUrl: "https://films.example/u", apiToken: undefined },
    LISTENING,
    false,
  );
  expect(lines.join("\n")).toContain("https://films.example/u/");
});
