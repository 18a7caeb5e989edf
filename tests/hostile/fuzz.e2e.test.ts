import { makeRandom } from "@upreel/testkit";
import { expect, it } from "vitest";
import { fuzzMedia } from "../../scripts/fuzz/media.ts";
import { fuzzHttp } from "../../scripts/fuzz/http.ts";
import { fuzzProxy } from "../../scripts/fuzz/proxy.ts";

/** A first part of what `npm run fuzz` tries. */
it("the proxy takes every header of HTTP, in requests and in answers", async () => {
  expect(await fuzzProxy({ cases: 300, random: makeRandom(1) })).toEqual([]);
});

it("films of many containers with damaged bytes are planned well, or refused with a reason", async () => {
  expect(await fuzzMedia({ cases: 36, random: makeRandom(1) })).toEqual([]);
});

it("the HTTP interface takes odd parts of all that its OpenAPI document describes", async () => {
  expect(await fuzzHttp({ cases: 250, random: makeRandom(1) })).toEqual([]);
});
