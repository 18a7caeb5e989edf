import { expect, it } from "vitest";
import { endToEndHeaders } from "./end-to-end-headers.ts";

it("keeps names, order and repetitions of what is end to end", () => {
  const raw = ["X-B", "1", "Set-Cookie", "a", "set-cookie", "b", "Accept", "*/*"];
  expect(endToEndHeaders(raw).flat()).toEqual(raw);
});

it("drops what is of the connection, and what any Connection header names", () => {
  const raw = [
    ...["Connection", "close, X-Private"],
    ...["connection", " x-other ,,"],
    ...["x-private", "1", "X-Other", "2", "Trailer", "x", "TE", "trailers", "Keep-Alive", "5"],
    ...["Proxy-Authorization", "Basic a", "Proxy-Connection", "close", "Upgrade", "h2c"],
    ...["Transfer-Encoding", "chunked", "Content-Length", "5", "Expect", "100-continue"],
    ...["X-Kept", "3"],
  ];
  expect(endToEndHeaders(raw)).toEqual([["X-Kept", "3"]]);
});
