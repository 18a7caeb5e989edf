import { FINDING_TEXTS } from "@upreel/core";
import { expect, it } from "vitest";
import { germanFindings } from "../../languages/de/findings.ts";
import { toldFinding } from "./told-finding.ts";

it("what the page has no words for is told in those of the gateway", () => {
  const found = { what: "node", verdict: "good", code: "new", values: {} } as const;
  expect(toldFinding({ ...found, message: "all is well", fix: "nothing" })).toEqual({
    ...{ message: "all is well", fix: "nothing" },
  });
});

it("German has the same values in its sentences, and a way to fix it where there is one", () => {
  const places = (text = ""): string[] => [...text.matchAll(/\{\w+\}/g)].map(String).toSorted();
  for (const [code, text] of Object.entries(FINDING_TEXTS)) {
    const own = germanFindings[code as keyof typeof FINDING_TEXTS];
    const { message, fix }: { message: string; fix?: string } = text;
    expect([code, places(own.message)]).toEqual([code, places(message)]);
    expect([code, own.fix === undefined, places(own.fix)]).toEqual([
      ...[code, fix === undefined, places(fix)],
    ]);
  }
});
