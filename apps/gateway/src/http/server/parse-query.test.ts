import { decodeFileName, encodeFileName } from "@upreel/core";
import { expect, test } from "vitest";
import { parseQuery } from "./parse-query.ts";

test("names of files in a query may have any bytes", () => {
  const { path } = parseQuery("path=/films/caf%E9+noir/a%20b.mkv");
  expect(Buffer.from(encodeFileName(String(path)))).toEqual(
    Buffer.from("/films/caf\xe9 noir/a b.mkv", "latin1"),
  );
});

test("a name that was told comes back as it was told", () => {
  const told = decodeFileName(Buffer.from("/films/caf\xe9", "latin1"));
  expect(parseQuery(`path=${encodeURIComponent(told)}`)).toEqual({ path: told });
  expect(parseQuery("path=/films/caf%C3%A9&n=3&n=4")).toEqual({
    ...{ path: "/films/café", n: ["3", "4"] },
  });
  expect(parseQuery(null)).toEqual({});
});

test("half an escape is taken as it stands", () => {
  expect(parseQuery("path=100%&b=%zz")).toEqual({ path: "100%", b: "%zz" });
});
