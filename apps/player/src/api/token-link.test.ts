import { expect, it } from "vitest";
import { signedIn, tokenIn } from "./token-link.ts";

it("a link signs in with its token, whatever characters that has", () => {
  const { hash } = new URL(signedIn("http://192.168.1.20:5000/", "a&b #ä%/="));
  expect(tokenIn(hash)).toBe("a&b #ä%/=");
  expect(signedIn("http://nas/", undefined)).toBe("http://nas/");
});

it("a part of the pages is no token, nor is what cannot be decoded", () => {
  expect(tokenIn("#/jobs")).toBeUndefined();
  expect(tokenIn("")).toBeUndefined();
  expect(tokenIn("#token=%E0%A4%A")).toBeUndefined();
});
