import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { hostname } from "node:os";
import { expect, it } from "vitest";
import { startTestApp } from "../testing/start-app.ts";

it("a page of another site may play, but change nothing", async () => {
  await using app = await startTestApp();
  app.streams.put({ id: "one" });
  const status = async (method: string, path: string, site: string): Promise<number> => {
    const headers = { "Sec-Fetch-Site": site, Origin: "https://other.example" };
    const body = method === "GET" ? null : '{"viewer": "me", "seconds": 1}';
    const response = await fetch(app.url + path, { method, headers, body });
    await response.body?.cancel();
    return response.status;
  };
  expect(await status("POST", "/streams/one/cancel", "cross-site")).toBe(403);
  expect(await status("DELETE", "/streams/one", "cross-site")).toBe(403);
  expect(await status("POST", "/upscale-trigger", "cross-site")).toBe(403);
  expect(app.streams.calls).toEqual([]);
  expect(await status("POST", "/playhead/one", "cross-site")).toBe(204);
  expect(await status("GET", "/status/one", "cross-site")).toBe(200);
  for (const site of ["same-origin", "same-site", "none"])
    expect(await status("POST", "/streams/one/cancel", site)).toBe(200);
});

/** Browsers set no Host but the one of the address, and no Sec-Fetch-Site for plain http. */
async function post(url: string, headers: Record<string, string>): Promise<number> {
  const sent = request(`${url}/streams/one/cancel`, { method: "POST", headers });
  sent.end();
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  answer.resume();
  return answer.statusCode ?? 0;
}

it.each<[string, string, string, number]>([
  ["a program", "tv.example", "", 200],
  ["the machine itself", "127.0.0.1:5000", "http://127.0.0.1:5000", 200],
  ["the machine by name", "localhost:5000", "http://localhost:5000", 200],
  ["the machine's own name", hostname(), `http://${hostname()}`, 200],
  ["an address", "192.168.1.5:5000", "http://192.168.1.5:5000", 200],
  ["IPv6", "[fd00::1]:5000", "http://[fd00::1]:5000", 200],
  ["the local network", "nas:5000", "http://nas:5000", 200],
  ["mDNS", "nas.local:5000", "http://nas.local:5000", 200],
  ["a router's own domain", "nas.localdomain:5000", "http://nas.localdomain:5000", 200],
  ["a proxy that speaks https", "tv.example", "https://tv.example", 200],
  ["a proxy that keeps the name to itself", "127.0.0.1:5000", "http://nas.lan:8080", 200],
  ["one that is allowed", "films.example:8080", "http://films.example:8080", 200],
  ["PUBLIC_URL", "public.example", "http://public.example", 200],
  ["a stranger's name for this machine", "evil.example:5000", "http://evil.example:5000", 403],
  ["a stranger's https page", "evil.example:5000", "https://evil.example", 403],
  ["a stranger's page", "192.168.1.5:5000", "http://evil.example", 403],
  ["a stranger's page at an address", "192.168.1.5:5000", "http://203.0.113.7", 403],
  ["a page without an origin", "192.168.1.5:5000", "null", 403],
  ["no host at all", "a host", "http://evil.example", 403],
])("over plain http: %s", async (_, host, origin, status) => {
  await using app = await startTestApp({
    PUBLIC_URL: "http://public.example/upreel",
    ALLOWED_HOSTS: "other.example, Films.Example",
  });
  app.streams.put({ id: "one" });
  const headers = { Host: host, ...(origin === "" ? {} : { Origin: origin }) };
  expect(await post(app.url, headers)).toBe(status);
  expect(app.streams.calls).toEqual(status === 200 ? ["cancel one"] : []);
});

it("a proxy that tells the name that was asked for is believed, but not instead of the Host", async () => {
  await using app = await startTestApp();
  app.streams.put({ id: "one" });
  const Origin = "http://tv.example";
  const forwarded = { Origin, "X-Forwarded-Host": "tv.example" };
  expect(await post(app.url, { Host: "127.0.0.1:5000", ...forwarded })).toBe(200);
  const rebound = { Origin, Host: "tv.example", "X-Forwarded-Host": "localhost" };
  expect(await post(app.url, rebound)).toBe(403);
});

it("with a token set, that is asked for alone: a stranger's page has none", async () => {
  await using app = await startTestApp({ API_TOKEN: "correct horse" });
  app.streams.put({ id: "one" });
  const own = { Host: "tv.example", Origin: "http://tv.example" };
  expect(await post(app.url, own)).toBe(401);
  expect(await post(app.url, { ...own, "X-Api-Token": "correct horse" })).toBe(200);
});
