import type { Random } from "@upreel/testkit";

/** Of RFC 9110, 18.4, and RFC 9112; then those of connections and of proxies that are in common use. */
const NAMES =
  "Accept Accept-Charset Accept-Encoding Accept-Language Accept-Ranges Allow Authentication-Info Authorization Connection Content-Encoding Content-Language Content-Length Content-Location Content-Range Content-Type Date ETag Expect From Host If-Match If-Modified-Since If-None-Match If-Range If-Unmodified-Since Last-Modified Location Max-Forwards Proxy-Authenticate Proxy-Authentication-Info Proxy-Authorization Range Referer Retry-After Server TE Trailer Upgrade User-Agent Vary Via WWW-Authenticate Close MIME-Version Transfer-Encoding Keep-Alive Proxy-Connection HTTP2-Settings Forwarded X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto X-Original-URI Origin Sec-Fetch-Site Set-Cookie Cookie Content-Disposition Sec-WebSocket-Key Sec-WebSocket-Version Sec-WebSocket-Extensions X-Emby-Authorization X-Api-Token".split(
    " ",
  );

const VALUES = [
  ...[
    "",
    "x",
    "*",
    "close",
    "keep-alive",
    "upgrade",
    "websocket",
    "h2c",
    "trailers",
    "100-continue",
  ],
  ...[
    "chunked",
    "gzip, chunked",
    "identity",
    "0",
    "2",
    "-1",
    "99999999999999999999",
    "1.5",
    "2, 2",
  ],
  ...[
    "bytes=0-0",
    "bytes=-99999999",
    "bytes=9-1",
    "bytes=0-0,2-3",
    "bytes=x",
    "bytes 0-1/2",
    "octets=1",
  ],
  ...['"a"', 'W/"a"', '"a", "b"', '"unclosed', "Sun, 29 Nov 2026 08:00:00 GMT", "yesterday"],
  ...[
    "http://other.example/",
    "//other.example",
    "127.0.0.1",
    "localhost:3000",
    "[::1]",
    "a b",
    "ü\x80",
  ],
  ...["text/html", "application/json; charset=latin1", "multipart/form-data", "null", "cross-site"],
  ...[
    "Content-Length",
    "Host, Authorization, X-Forwarded-For",
    "transfer-encoding, trailer, te",
    ",,,",
  ],
  ...["MediaBrowser Token=", 'Bearer "', "Basic !!!", "a".repeat(4000), "a=b; ".repeat(300)],
];

/** One header as it is written on the wire, with a fitting or an absurd value. */
export function oddHeader(random: Random): string {
  return `${random.pick(NAMES)}: ${random.pick(VALUES)}`;
}

/** Every name once: with `n`, the same header always. */
export const headerNumber = (n: number, random: Random): string =>
  `${NAMES[n % NAMES.length]}: ${random.pick(VALUES)}`;
