import { spawn } from "node:child_process";
import { once } from "node:events";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  askRaw,
  eventually,
  makeTempFolder,
  startRawServer,
  type RawServer,
  type TempFolder,
} from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { childrenOf, isAlive } from "../support/processes.ts";
import { startGateway, type RunningGateway } from "../support/start-gateway.ts";

const CLI = fileURLToPath(new URL("../../apps/gateway/src/cli.ts", import.meta.url));

/** Headers that ended proxies before, and answers that do. */
const WISHES = ["Trailer: x", "TE: trailers", "Connection: trailer", "Upgrade: h2c", "Expect: x"];
const ANSWERS: Readonly<Record<string, string>> = {
  "/trailer": "HTTP/1.1 200 OK\r\nTrailer: x\r\nContent-Length: 2\r\n\r\nok",
  "/absurd": "HTTP/1.1 099 Odd\r\nContent-Length: 2\r\n\r\nok",
  "/switch": "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
  "/nonsense": "nonsense",
  "/nothing": "",
};

const get = (path: string, header = "X-Any: 1"): string =>
  `GET ${path} HTTP/1.1\r\nHost: tv\r\nConnection: close\r\n${header}\r\n\r\n`;

describe("the proxy's port, without a login", () => {
  let folder: TempFolder;
  let jellyfin: RawServer;
  let gateway: RunningGateway;
  let proxy: string;

  beforeAll(async () => {
    folder = await makeTempFolder();
    jellyfin = await startRawServer((request) => {
      const path = request.split(" ")[1] ?? "";
      return ANSWERS[path] ?? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    });
    gateway = await startGateway({
      dataDir: join(folder.path, "data"),
      roots: folder.path,
      env: { JELLYFIN_URL: jellyfin.url },
    });
    proxy = await gateway.proxyUrl();
  });
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await jellyfin?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  /** Every attack twice over, plainly and as a websocket; then a request that must be answered. */
  async function attack(): Promise<void> {
    for (const path of Object.keys(ANSWERS))
      for (const kind of ["X-Any: 1", "Upgrade: websocket\r\nConnection: Upgrade"])
        expect(await askRaw(proxy, get(path, kind))).toMatch(/^HTTP\/1\.1 (200|502) /);
    for (const wish of WISHES)
      expect(await askRaw(proxy, get("/Items", wish))).toMatch(/^HTTP\/1\.1 (200|417) /);
    expect(await askRaw(proxy, get("/Items"))).toContain("200 OK");
  }

  it("ends no process, whatever is asked and answered", async () => {
    const before = await gateway.gatewayProcess();
    await attack();
    expect(await gateway.gatewayProcess()).toBe(before);
    expect(gateway.logLines.join("\n")).not.toContain("a fault");
  });

  it("nor does it while the supervisor alone answers; a crash loop never ends the service", async () => {
    const data = join(folder.path, "data");
    await rename(data, `${data}-away`);
    await writeFile(data, "no folder");
    process.kill(await gateway.gatewayProcess(), "SIGKILL");
    await eventually("the bypass", () =>
      gateway.logLines.some((line) => line.includes("clients get plain Jellyfin meanwhile")),
    );
    await attack();
    const starts = (): number =>
      gateway.logLines.filter((line) => line.includes("restarting it")).length;
    await eventually("more starts", () => starts() >= 5);
    await rm(data);
    await rename(`${data}-away`, data);
    await eventually("a gateway", async () => (await fetch(`${gateway.url}/health`)).ok);
    expect(isAlive(gateway.pid)).toBe(true);
    expect(gateway.logLines.join("\n")).not.toContain("a fault");
  });

  it("an end of the gateway that nobody asked for is an accident, too", async () => {
    const before = await gateway.gatewayProcess();
    process.kill(before, "SIGTERM");
    await eventually("its end", () => !isAlive(before));
    expect((await fetch(`${gateway.url}/health`)).ok).toBe(true);
    expect(isAlive(gateway.pid)).toBe(true);
  });
});

it.each([
  ["while it starts", false],
  ["while it serves", true],
])("a gateway whose supervisor is killed %s ends", async (_, isReady) => {
  await using folder = await makeTempFolder();
  const env = { ...process.env, PORT: "0", DATA_DIR: join(folder.path, "data") };
  const supervisor = spawn(process.execPath, [CLI, "serve"], {
    env: { ...env, MEDIA_ROOTS: folder.path },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const { pid } = await eventually("the gateway", async () =>
    (await childrenOf(supervisor.pid ?? 0)).find(({ command }) =>
      command.includes("cli.ts gateway"),
    ),
  );
  if (isReady) await once(supervisor.stdout, "data");
  supervisor.kill("SIGKILL");
  await eventually("its end", () => !isAlive(pid));
});
