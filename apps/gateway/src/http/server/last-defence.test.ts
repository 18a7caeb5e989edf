import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";

/** A server with faults in every kind of callback; in a process of its own, which they would end. */
const FAULTY = `
import { request } from "node:http";
import { createServer } from "node:net";
import { createLastDefence } from ${JSON.stringify(new URL("last-defence.ts", import.meta.url))};
import { serveHanded } from ${JSON.stringify(new URL("server.ts", import.meta.url))};

const log = { error: (message, { error }) => console.log(message, error.message) };
const defence = createLastDefence(log);
process.on("uncaughtException", (error) => {
  if (!defence.catches(error)) console.log("nobody's", error.message);
});
const fail = () => { throw new Error("fault"); };
const faults = {
  "/at-once": fail,
  "/timer": () => setTimeout(fail, 1),
  "/promise": () => void Promise.resolve().then(fail),
  "/body": (request) => request.resume().on("end", fail),
  "/other-server": () => request(own + "/fine", { agent: false }).on("response", fail).end(),
  "/socket": () => request(own + "/fine").on("socket", fail).on("error", () => {}).end(),
  "/begun": (_, response) => { response.write("begun"); setTimeout(fail, 1); },
  "/fine": (_, response) => response.end("fine"),
};
const http = serveHanded((request, response) => faults[request.url](request, response), defence);
const door = createServer({ pauseOnConnect: true }, (socket) => http.take(socket));
let own;
door.listen(0, "127.0.0.1", async () => {
  own = "http://127.0.0.1:" + door.address().port;
  for (const path of Object.keys(faults)) {
    const answer = await fetch(own + path, { method: "POST", body: "body" })
      .then(async (r) => r.status + " " + await r.text()).catch(() => "cut");
    console.log(path, answer.trim());
  }
  setImmediate(() => {
    setImmediate(() => process.exit());
    fail();
  });
});
`;

it("answers 502 to the request that something was thrown for, and goes on", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "-e", FAULTY], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [out] = await Promise.all([text(child.stdout), once(child, "close")]);
  const lines = out.trim().split("\n");
  const reason = "502 Upreel failed to answer this request; its log says why";
  for (const path of ["/at-once", "/timer", "/promise", "/body", "/other-server", "/socket"]) {
    expect(lines).toContain(`an error in POST ${path}; it was answered with 502 fault`);
    expect(lines).toContain(`${path} ${reason}`);
  }
  expect(lines).toContain("/begun cut");
  expect(lines).toContain("/fine 200 fine");
  expect(lines.at(-1)).toBe("nobody's fault");
});
