import { expect, it } from "vitest";
import { isWholeRequest } from "./raw-http.ts";

const request = (headers: string, body = ""): string => `POST / HTTP/1.1\r\n${headers}\r\n${body}`;

it.each([
  ["nothing announced", request("Host: a\r\n"), true],
  ["all bytes", request("Content-Length: 3\r\n", "abc"), true],
  ["the last chunk", request("Transfer-Encoding: chunked\r\n", "1\r\na\r\n0\r\n\r\n"), true],
  ["a trailer", request("Transfer-Encoding: chunked\r\n", "0\r\nX: 1\r\n\r\n"), true],
  ["half a head", "GET / HTTP/1.1\r\nHost: a\r\n", false],
  ["too few bytes", request("Content-Length: 3\r\n", "ab"), false],
  ["no last chunk", request("Transfer-Encoding: chunked\r\n", "1\r\na\r\n"), false],
  ["two lengths", request("Content-Length: 1\r\nContent-Length: 1\r\n", "a"), false],
  ["a body to be asked for", request("Expect: 100-continue\r\n"), false],
])("a request with %s", (_, bytes, isWhole) => {
  expect(isWholeRequest(bytes)).toBe(isWhole);
});
