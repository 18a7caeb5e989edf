import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { startGateway } from "../support/start-gateway.ts";

it("who answers more than this machine has a token: made at the first start, printed once", async () => {
  await using folder = await makeTempFolder();
  const dataDir = join(folder.path, "data");
  // An address that is not known to be this machine's alone.
  const env = { HOST: "127.0.0.2", API_TOKEN: "" };
  const tokens: (string | undefined)[] = [];
  for (let start = 0; start < 2; start += 1) {
    await using gateway = await startGateway({ dataDir, roots: folder.path, env });
    expect((await fetch(`${gateway.url}/streams`)).status).toBe(401);
    const token = (await readFile(join(dataDir, "api-token"), "utf8")).trim();
    const headers = { Authorization: `Bearer ${token}` };
    expect((await fetch(`${gateway.url}/streams`, { headers })).status).toBe(200);
    tokens.push(gateway.logLines.some((line) => line.includes(token)) ? token : undefined);
  }
  expect(tokens).toEqual([expect.stringMatching(/^[a-z2-9]{4}(-[a-z2-9]{4}){2}$/), undefined]);
});
