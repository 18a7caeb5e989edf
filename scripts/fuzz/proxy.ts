import { join } from "node:path";
import { askRaw, makeTempFolder, startRawServer, type Random } from "@upreel/testkit";
import { startGateway } from "../../tests/support/start-gateway.ts";
import type { FuzzOptions } from "./fuzzer.ts";
import { headerNumber, oddHeader } from "./http-headers.ts";

const METHODS = ["GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"];
const PATHS = [
  "/Items",
  "/web/",
  "/system/info/public",
  "/sessions/playing",
  "/x?a=b",
  "//x",
  "/%00",
];
/** What must stay on its connection (RFC 9110, 7.6.1). */
const OF_CONNECTION =
  /^(trailer|te|proxy-[a-z-]+|http2-settings|expect|keep-alive: (?!timeout=\d+$)).*$/im;
/** Statuses that come from the proxy itself or its parser; a 200 comes from behind it. */
const OWN_STATUS = /^HTTP\/1\.1 (400|408|413|414|417|431|501|502) /;

interface Exchange {
  readonly request: string;
  readonly answer: string;
}

/** Every header of RFC 9110 in requests to the proxy's port and in answers from behind it. */
export async function fuzzProxy({ cases, random }: FuzzOptions): Promise<readonly string[]> {
  await using folder = await makeTempFolder();
  let given = "";
  await using jellyfin = await startRawServer(() => given);
  await using gateway = await startGateway({
    dataDir: join(folder.path, "data"),
    roots: folder.path,
    env: { JELLYFIN_URL: jellyfin.url },
  });
  const proxy = await gateway.proxyUrl();
  const before = await gateway.gatewayProcess();
  const problems: string[] = [];
  for (let n = 0; n < cases; n += 1) {
    const exchange = makeExchange(n, random);
    given = exchange.answer;
    const seen = jellyfin.received.length;
    const got = (await askRaw(proxy, exchange.request)).replace(/^HTTP\/1\.1 100 .*\r\n\r\n/, "");
    const wrong = judge(exchange, got, jellyfin.received.slice(seen));
    if (wrong !== undefined) problems.push(`case ${n}: ${wrong}: ${JSON.stringify(exchange)}`);
  }
  given = plainAnswer("");
  const last = await askRaw(proxy, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  if (!last.startsWith("HTTP/1.1 200 ")) problems.push("in the end it answers no more");
  if ((await gateway.gatewayProcess()) !== before) problems.push("the gateway was started again");
  const faults = gateway.logLines.filter((line) => /a fault|The proxy failed/.test(line));
  return [...problems, ...faults];
}

function makeExchange(n: number, random: Random): Exchange {
  const odd = Array.from({ length: 1 + (n % 3) }, (_, i) =>
    i === 0 ? headerNumber(n, random) : oddHeader(random),
  );
  const lines = `${odd.join("\r\n")}\r\n`;
  const isAnswer = random.next() < 0.5;
  const method = random.pick(METHODS);
  const start = `${method} ${random.pick(PATHS)} HTTP/1.1\r\nHost: tv\r\nConnection: close\r\n`;
  return {
    request: `${start}${isAnswer ? "" : lines}\r\n`,
    answer: plainAnswer(isAnswer ? lines : ""),
  };
}

const plainAnswer = (lines: string): string =>
  `HTTP/1.1 200 OK\r\nX-Kept: 1\r\n${lines}${/^(content-length|transfer-encoding):/im.test(lines) ? "" : "Content-Length: 2\r\n"}\r\nok`;

function judge(
  { request }: Exchange,
  got: string,
  received: readonly string[],
): string | undefined {
  const [head = ""] = got.split("\r\n\r\n");
  const isFromBehind = got.startsWith("HTTP/1.1 200 ");
  if (isFromBehind && !head.includes("X-Kept: 1")) return "a header is lost";
  // Who announces a body and does not send it gets no answer.
  const isUnfinished = /^(content-length: *[1-9]|transfer-encoding: )/im.test(request);
  if (!isFromBehind && !OWN_STATUS.test(got) && !(isUnfinished && got === ""))
    return `it answers ${JSON.stringify(got.slice(0, 60))}`;
  if (OF_CONNECTION.test(head)) return "a header of the connection came from behind";
  for (const sent of received)
    if (OF_CONNECTION.test(sent.split("\r\n\r\n")[0] ?? ""))
      return "a header of the connection went on";
  return undefined;
}
