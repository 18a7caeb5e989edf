import { brotliDecompressSync } from "node:zlib";
import { get } from "node:http";
import { once } from "node:events";
import { buffer } from "node:stream/consumers";
import { expect, it } from "vitest";
import { startTestApp } from "../../testing/start-app.ts";

/** fetch would undo the encoding. */
async function getRaw(url: string, headers: Record<string, string> = {}) {
  const [response] = await once(get(url, { headers }), "response");
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}

it("pages come compressed as the browser can take it, and are asked for again after an update", async () => {
  await using app = await startTestApp();
  const { headers, body } = await getRaw(app.url, { "Accept-Encoding": "gzip, br" });
  expect(headers).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "content-encoding": "br",
    "cache-control": "no-cache",
    vary: "Accept-Encoding",
  });
  expect(brotliDecompressSync(body).toString()).toContain("<title>Dashboard</title>");
  const plain = await getRaw(app.url);
  expect(plain.headers["content-encoding"]).toBeUndefined();
  expect(plain.body.toString()).toContain("<title>Dashboard</title>");
  const again = await getRaw(app.url, { "If-None-Match": String(plain.headers.etag) });
  expect(again.status).toBe(304);
});

it("scripts are cached for ever, for their names carry their content", async () => {
  await using app = await startTestApp();
  const { headers } = await getRaw(`${app.url}/assets/page-1a2b.js`);
  expect(headers).toMatchObject({
    "content-type": "text/javascript; charset=utf-8",
    "cache-control": "public, max-age=31536000, immutable",
  });
});

it("the styles that a page carries are allowed by their hash, and no others", async () => {
  await using app = await startTestApp();
  const { headers } = await getRaw(app.url);
  const policy = headers["content-security-policy"];
  expect(policy).toContain("default-src 'self'");
  expect(headers["x-powered-by"]).toBeUndefined();
  // printf 'body{margin:0}' | openssl dgst -sha256 -binary | base64
  expect(policy).toContain(
    "style-src 'self' 'sha256-IAdwN3biDCQ3brrgp1m8kBEsPQYyqfREKOEfeoREopc='",
  );
});

it("the page of a stream that is not there is a page, with the status 404", async () => {
  await using app = await startTestApp();
  app.streams.put({ id: "one" });
  const statusOf = async (path: string): Promise<number> => (await getRaw(app.url + path)).status;
  expect(await statusOf("/watch/one")).toBe(200);
  expect(await statusOf("/watch/one/compare")).toBe(200);
  const gone = await getRaw(`${app.url}/watch/two`);
  expect([gone.status, gone.headers["content-type"]]).toEqual([404, "text/html; charset=utf-8"]);
});

it("nothing but built files is served", async () => {
  await using app = await startTestApp();
  for (const path of ["/assets/", "/assets/.stamp", "/assets/..%2f.stamp", "/assets/nothing.js"])
    expect([path, (await getRaw(app.url + path)).status]).toEqual([path, 404]);
});

it("a browser that is given the path of a page gets to the page, also without the token; a program gets what it asks for", async () => {
  await using app = await startTestApp({ API_TOKEN: "a long secret" });
  const browser = { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
  for (const part of ["films", "jobs", "models", "plugins", "system", "settings", "logs"]) {
    const { status, headers } = await getRaw(`${app.url}/${part}`, browser);
    expect([part, status, headers.location]).toEqual([part, 302, `./#/${part}`]);
  }
  // A query of the API's is none of a page's, and leads nowhere else.
  expect((await getRaw(`${app.url}/jobs?x=//evil.example`, browser)).headers.location).toBe(
    "./#/jobs",
  );
  const token = { "X-Api-Token": "a long secret" };
  for (const accept of ["*/*", "application/json"]) {
    const { status, headers } = await getRaw(`${app.url}/settings`, { ...token, Accept: accept });
    expect([status, headers["content-type"]]).toEqual([200, "application/json; charset=utf-8"]);
    expect(headers.vary).toContain("Accept");
  }
  expect((await getRaw(`${app.url}/settings`, { Accept: "*/*" })).status).toBe(401);
});
