import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { hostname } from "node:os";
import { expect, it } from "vitest";
import { startTestApp } from "../../testing/start-app.ts";

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
  // A page at another port of this machine is of the same site, as browsers say.
  for (const site of ["cross-site", "same-site"]) {
    expect(await status("POST", "/streams/one/cancel", site)).toBe(403);
    expect(await status("DELETE", "/streams/one", site)).toBe(403);
    expect(await status("POST", "/upscale-trigger", site)).toBe(403);
    expect(await status("PUT", "/settings", site)).toBe(403);
    expect(app.streams.calls).toEqual([]);
    expect(await status("POST", "/playhead/one", site)).toBe(204);
    expect(await status("GET", "/status/one", site)).toBe(200);
    app.streams.calls.length = 0;
  }
  for (const site of ["same-origin", "none"])
    expect(await status("POST", "/streams/one/cancel", site)).toBe(200);
});

/** Browsers set no Host but the one of the address, and no Sec-Fetch-Site for plain http. */
async function ask(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<number> {
  const sent = request(url + path, { method, headers });
  sent.end();
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  answer.destroy();
  return answer.statusCode ?? 0;
}

const NAMES = {
  PUBLIC_URL: "http://public.example/upreel",
  ALLOWED_HOSTS: "other.example, Films.Example, nas.lan:8080",
};

it.each<[string, string, string, number]>([
  ["a program", "127.0.0.1:5000", "", 200],
  ["the machine itself", "127.0.0.1:5000", "http://127.0.0.1:5000", 200],
  ["the machine by name", "localhost:5000", "http://localhost:5000", 200],
  ["the machine's own name", hostname(), `http://${hostname()}`, 200],
  ["an address", "192.168.1.5:5000", "http://192.168.1.5:5000", 200],
  ["IPv6", "[fd00::1]:5000", "http://[fd00::1]:5000", 200],
  ["the local network", "nas:5000", "http://nas:5000", 200],
  ["mDNS", "nas.local:5000", "http://nas.local:5000", 200],
  ["a router's own domain", "nas.localdomain:5000", "http://nas.localdomain:5000", 200],
  ["a proxy that keeps its name to itself", "127.0.0.1:5000", "http://nas.lan:8080", 200],
  ["PUBLIC_URL, of which a proxy tells nothing", "127.0.0.1", "http://public.example", 200],
  ["one that is allowed", "films.example:8080", "http://films.example:8080", 200],
  ["PUBLIC_URL", "public.example", "http://public.example", 200],
  ["another port of this machine", "localhost:5000", "http://localhost:3000", 403],
  ["another port of an allowed name", "nas.lan:8080", "http://nas.lan:9999", 403],
  ["a bare name of the intranet", "127.0.0.1:5000", "http://wiki", 403],
  ["a name of the local network", "nas.lan:5000", "http://printer.lan", 403],
  ["another address of the network", "192.168.1.5:5000", "http://192.168.1.9:5000", 403],
  ["a program by a stranger's name", "tv.example", "", 403],
  ["a stranger's name for this machine", "evil.example:5000", "http://evil.example:5000", 403],
  ["a form on a stranger's https page", "evil.example", "https://evil.example", 403],
  ["a stranger's https page", "evil.example:5000", "https://evil.example", 403],
  ["a stranger's page", "192.168.1.5:5000", "http://evil.example", 403],
  ["a stranger's page at an address", "192.168.1.5:5000", "http://203.0.113.7", 403],
  ["a page without an origin", "192.168.1.5:5000", "null", 403],
  ["no host at all", "a host", "http://evil.example", 403],
])("over plain http: %s", async (_, host, origin, status) => {
  await using app = await startTestApp(NAMES);
  app.streams.put({ id: "one" });
  const headers = { Host: host, ...(origin === "" ? {} : { Origin: origin }) };
  expect(await ask(app.url, "POST", "/streams/one/cancel", headers)).toBe(status);
  expect(app.streams.calls).toEqual(status === 200 ? ["cancel one"] : []);
});

it.each(["/streams", "/settings", "/events", "/logs/stream", "/files", "/metrics", "/models", "/"])(
  "a stranger's name for this machine does not read %s",
  async (path) => {
    await using app = await startTestApp(NAMES);
    for (const host of ["evil.example:5000", "evil.example.", "public.example.evil.example", "[x]"])
      expect(await ask(app.url, "GET", path, { Host: host })).toBe(403);
    for (const host of ["192.168.1.5:5000", "nas:5000", "films.example", "PUBLIC.example:81"])
      expect(await ask(app.url, "GET", path, { Host: host })).toBe(200);
    // Only a page that came by https says where it is from.
    expect(await ask(app.url, "GET", path, { Host: "tv.example", "Sec-Fetch-Site": "none" })).toBe(
      200,
    );
  },
);

it("what belongs to a stream is open to who knows its id, by whatever name", async () => {
  await using app = await startTestApp();
  app.streams.put({ id: "one" });
  expect(await ask(app.url, "GET", "/status/one", { Host: "tv.example" })).toBe(200);
});

it("a proxy that tells the name that was asked for is believed, but not instead of the Host", async () => {
  await using app = await startTestApp();
  app.streams.put({ id: "one" });
  const Origin = "http://tv.example";
  const forwarded = { Origin, "X-Forwarded-Host": "tv.example" };
  const post = (headers: Record<string, string>): Promise<number> =>
    ask(app.url, "POST", "/streams/one/cancel", headers);
  const https = { Origin: "https://tv.example", "X-Forwarded-Proto": "https" };
  expect(await post({ Host: "tv.example", ...https })).toBe(200);
  expect(await post({ Host: "127.0.0.1:5000", ...forwarded })).toBe(200);
  expect(await post({ Origin, Host: "tv.example", "X-Forwarded-Host": "localhost" })).toBe(403);
});

it("with a token set, that is asked for alone: a stranger's page has none", async () => {
  await using app = await startTestApp({ API_TOKEN: "correct horse" });
  app.streams.put({ id: "one" });
  const own = { Host: "tv.example", Origin: "http://tv.example" };
  const post = (headers: Record<string, string>): Promise<number> =>
    ask(app.url, "POST", "/streams/one/cancel", headers);
  expect(await post(own)).toBe(401);
  expect(await post({ ...own, "X-Api-Token": "correct horse" })).toBe(200);
});
