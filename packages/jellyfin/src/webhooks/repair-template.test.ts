import { describe, expect, it } from "vitest";
import { repairTemplate } from "./repair-template.ts";

function repaired(body: string): unknown {
  const result = repairTemplate(body);
  return "text" in result ? JSON.parse(result.text) : result.fault;
}

describe("what a template left broken", () => {
  it("is told as fast when it is long", () => {
    // Looking back over all that was read before takes longer than a test may.
    const body = `[${"{},".repeat(600_000)}x]`;
    expect(repairTemplate(body)).toMatchObject({ fault: { kind: "bare" } });
  });

  it.each([
    ["a bare True", '{"a":True, "b": False}', { a: true, b: false }],
    ["a missing value", '{"a":,"b":}', { a: null, b: null }],
    ["a doubly escaped quote", '{"n":"L&#233;t \\&quot;A\\&quot;"}', { n: 'L&#233;t "A"' }],
    ["an escape that JSON does not know", '{"n":"AC\\DC \\& x\\u00e9"}', { n: "AC\\DC \\& xé" }],
    [
      "line breaks in a text",
      '{"o":"one\ntwo\r\n\tthree","b":1}',
      { o: "one\ntwo\r\n\tthree", b: 1 },
    ],
    ["quotes in a text", '{"n":"The "Quoted" Film","b":1}', { n: 'The "Quoted" Film', b: 1 }],
    ["quotes at its ends", '{"n":""Hi"","b":1}', { n: '"Hi"', b: 1 }],
    [
      "ids and dates without quotes",
      '{"id":eb98cfb8-7c52-19a7-fb08-29fa56ca23f4,"s":01,"t":2026-11-21T01:18Z}',
      {
        id: "eb98cfb8-7c52-19a7-fb08-29fa56ca23f4",
        s: "01",
        t: "2026-11-21T01:18Z",
      },
    ],
    [
      "nothing but values",
      '[1, {"a": [True, null, -2.5e3]}, {}, []]',
      [1, { a: [true, null, -2500] }, {}, []],
    ],
  ])("%s is fixed", (_what, body, value) => {
    expect(repaired(body)).toEqual(value);
  });

  it.each([
    ["a text without quotes", '{"name":Clip Four (2004),"b":1}', "name", "bare"],
    ["a word without quotes", '{"pm":DirectPlay}', "pm", "bare"],
    ["a quote before a comma", '{"name":"Say "yes", then","b":1}', "name", "quote"],
    ["a text that never ends", '{"name":"abc', "name", "quote"],
    ["a missing bracket", '{"name":"abc"', "name", "structure"],
    ["a comma too many", '{"path": "/a.mkv",}', "path", "structure"],
    ["a key without quotes", "{path: 1}", undefined, "name"],
    ["texts in single quotes", "{'path': 'a'}", undefined, "name"],
    ["a number with a decimal comma", '{"fps":23,976}', "fps", "name"],
  ])("%s is not guessed at", (_what, body, key, kind) => {
    expect(repaired(body)).toMatchObject({ key, kind });
  });
});
