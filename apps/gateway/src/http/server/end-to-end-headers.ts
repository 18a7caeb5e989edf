/** A header's name, as it was written, and its value. */
export type HeaderPair = readonly [name: string, value: string];

/**
 * Of one connection, not of the message (RFC 9110, 7.6.1; RFC 9112, 9.6). `Expect` was answered by our
 * own server; the length of a body is told by whoever sends it on.
 */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Names and values in turn, as node:http tells them, in pairs. */
export function headerPairs(rawHeaders: readonly string[]): HeaderPair[] {
  const pairs: HeaderPair[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    pairs.push([rawHeaders[i] ?? "", rawHeaders[i + 1] ?? ""]);
  return pairs;
}

/** What goes on to the next hop: all but the headers of the connection, and those that `Connection` names. */
export function endToEndHeaders(rawHeaders: readonly string[]): HeaderPair[] {
  const pairs = headerPairs(rawHeaders);
  const named = new Set(
    pairs
      .filter(([name]) => name.toLowerCase() === "connection")
      .flatMap(([, value]) => value.split(","))
      .map((name) => name.trim().toLowerCase()),
  );
  return pairs.filter(([name]) => {
    const lower = name.toLowerCase();
    return !HOP_BY_HOP.has(lower) && !named.has(lower);
  });
}
