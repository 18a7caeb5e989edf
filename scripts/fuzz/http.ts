import { join } from "node:path";
import { askRaw, isWholeRequest, makeClip, makeTempFolder } from "@upreel/testkit";
import { z } from "zod";
import { startGateway } from "../../tests/support/start-gateway.ts";
import type { FuzzOptions } from "./fuzzer.ts";
import { oddRequest, readOperations, type Operation } from "./openapi-cases.ts";

/** One takes all cores for minutes, the other ends the gateway, as it is asked to; other tests call them. */
const LEFT_OUT = new Set(["POST /benchmark", "POST /restart"]);
/** What the gateway may answer beyond 499: it says what is wanting. */
const MAY_BE_WANTING = new Set([502, 503, 504, 507]);
const LONGEST_ERROR = 10_000;
/** These work for seconds before they answer, on a busy machine for longer; others wait for work: not for long here. */
const SLOW = /^\/(doctor|models|hls|frame|compare|tracks)/;
const PATIENCE_MS = 2_000;

const errorSchema = z.looseObject({
  status: z.literal("error"),
  code: z.string(),
  message: z.string(),
});

/** The whole HTTP interface, as its OpenAPI document describes it, with odd parts of every kind. */
export async function fuzzHttp({ cases, random }: FuzzOptions): Promise<readonly string[]> {
  await using folder = await makeTempFolder();
  await using gateway = await startGateway({
    dataDir: join(folder.path, "data"),
    roots: folder.path,
    env: { MODEL: "lanczos" },
  });
  const film = await makeClip(join(folder.path, "film.mp4"), {
    ...{ width: 96, height: 54, rate: 24, seconds: 4 },
  });
  const { id } = await gateway.trigger(film);
  await gateway.waitFor(id, ({ state }) => state === "complete");
  const before = await gateway.gatewayProcess();
  const { operations, schemas } = readOperations(
    await (await fetch(`${gateway.url}/openapi.json`)).json(),
  );
  const tried = operations.filter(({ method, path }) => !LEFT_OUT.has(`${method} ${path}`));
  const problems: string[] = [];
  for (let n = 0; n < cases; n += 1) {
    const operation = tried[n % tried.length];
    if (operation === undefined) break;
    const request = oddRequest(operation, { id, film }, random);
    const patience = SLOW.test(operation.path) ? { patienceMs: PATIENCE_MS } : {};
    const got = await askRaw(gateway.url, request, { isEnough, ...patience });
    const wrong = judge(operation, { request, got }, schemas);
    if (wrong !== undefined) problems.push(`case ${n}: ${wrong}: ${shorten(request)}`);
  }
  if (!(await fetch(`${gateway.url}/health`)).ok) problems.push("in the end it answers no more");
  if ((await gateway.gatewayProcess()) !== before) problems.push("the gateway was started again");
  const faults = gateway.logLines.filter((line) => /a fault|unhandled/i.test(line));
  return [...problems, ...faults];
}

const shorten = (text: string): string => JSON.stringify(text.slice(0, 600));

/** Events have no end, and a segment that is being made keeps its asker waiting. */
const isEnough = (got: string): boolean =>
  got.includes("\r\n\r\n") && /^content-type: (text\/event-stream|video\/mp2t)/im.test(got);

function judge(
  operation: Operation,
  { request, got }: { readonly request: string | Buffer; readonly got: string },
  schemas: Readonly<Record<string, unknown>>,
): string | undefined {
  const [head = "", ...rest] = got.replace(/^HTTP\/1\.1 100 .*\r\n\r\n/, "").split("\r\n\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
  if (got === "" && (SLOW.test(operation.path) || !isWholeRequest(request))) return undefined;
  if (!Number.isFinite(status)) return `it answers ${JSON.stringify(head.slice(0, 80))}`;
  if (status >= 500 && !MAY_BE_WANTING.has(status)) return `it answers ${status}`;
  // The parser of node:http answers by itself what is no request.
  const isOwn = /^x-content-type-options: nosniff/im.test(head);
  if (!isOwn) return [400, 408, 413, 414, 417, 431].includes(status) ? undefined : "a bare answer";
  if (!/^content-type: application\/json/im.test(head) || /\r\nTransfer-Encoding/i.test(head))
    return undefined;
  const body = rest.join("\r\n\r\n");
  // HEAD, 204 and 304 have none.
  if (body === "") return undefined;
  if (status >= 400) {
    if (body.length > LONGEST_ERROR) return `an error of ${body.length} bytes`;
    return errorSchema.safeParse(JSON.parse(body)).success
      ? undefined
      : "an error of another shape";
  }
  const schema = operation.responses[status]?.content?.["application/json"]?.schema;
  if (schema === undefined)
    return operation.responses[status] ? undefined : `${status} is not described`;
  const parsed = toZod(schema, schemas).safeParse(JSON.parse(body));
  return parsed.success
    ? undefined
    : `an answer that is not as described: ${parsed.error.message.slice(0, 200)}`;
}

/** A schema of the document; its references lead to the document's own parts. */
function toZod(schema: unknown, schemas: Readonly<Record<string, unknown>>): z.ZodType {
  const text = JSON.stringify({ ...Object(schema), $defs: schemas });
  return z.fromJSONSchema(
    JSON.parse(text.replaceAll("#/components/schemas/", "#/$defs/")) as Parameters<
      typeof z.fromJSONSchema
    >[0],
  );
}
