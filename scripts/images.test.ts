import { execFile } from "node:child_process";
import { cp, mkdir, readFile, readdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { makeTempFolder } from "@upreel/testkit";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What the stages of a Dockerfile copy from the repository, by name; a stage has what its base has. */
async function copiesOf(dockerfile: string): Promise<ReadonlyMap<string, readonly string[][]>> {
  const stages = new Map<string, string[][]>();
  let stage: string[][] = [];
  for (const line of (await readFile(join(ROOT, dockerfile), "utf8")).split("\n")) {
    const [instruction, ...words] = line.split(/\s+/);
    if (instruction === "FROM") {
      const [base = "", , name = "last"] = words;
      stage = [...(stages.get(base) ?? [])];
      stages.set(name, stage);
    }
    if (instruction === "COPY" && !words[0]?.startsWith("--")) stage.push(words);
  }
  return stages;
}

/** Copies as a stage does, without what .dockerignore leaves out. */
async function fillAs(copies: readonly string[][] | undefined, folder: string): Promise<void> {
  for (const words of copies ?? []) {
    const target = join(folder, words.at(-1) ?? "");
    for (const from of words.slice(0, -1)) {
      const isFile = /\.[a-z]+(rc)?$/.test(from);
      const to = isFile ? join(target, from.split("/").at(-1) ?? "") : target;
      await mkdir(dirname(to), { recursive: true });
      const filter = (path: string): boolean =>
        !/\/(node_modules|dist)(\/|$)/.test(path.slice(ROOT.length - 1));
      await cp(join(ROOT, from), to, { recursive: true, filter });
    }
  }
}

describe.each(["Dockerfile", "Dockerfile.cuda"])("%s", (dockerfile) => {
  test("has what the web pages are built from", async () => {
    await using folder = await makeTempFolder();
    await fillAs((await copiesOf(dockerfile)).get("pages"), folder.path);
    await symlink(join(ROOT, "node_modules"), join(folder.path, "node_modules"));
    const script = join(folder.path, "scripts/build-player.ts");
    await promisify(execFile)(process.execPath, [script], { cwd: folder.path });
    expect(await readdir(join(folder.path, "apps/player/dist"))).toContain("index.html");
  });

  test("has the manifest of every package that npm installs for", async () => {
    const copies = (await copiesOf(dockerfile))
      .get("pages")
      ?.flatMap((words) => words.slice(0, -1));
    for (const kind of ["packages", "apps"]) {
      for (const name of await readdir(join(ROOT, kind))) {
        const isThere = [kind, `${kind}/${name}/package.json`].some((path) =>
          copies?.includes(path),
        );
        expect(isThere, `${kind}/${name}`).toBe(true);
      }
    }
  });
});

const serviceSchema = z.object({
  read_only: z.boolean(),
  cap_drop: z.array(z.string()),
  cap_add: z.undefined().optional(),
  privileged: z.undefined().optional(),
  security_opt: z.array(z.string()),
  tmpfs: z.array(z.string()).optional(),
  volumes: z.array(z.string()),
  healthcheck: z.object({ test: z.array(z.string()) }),
  environment: z.record(z.string(), z.string()).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
});

/** The services of a compose file, with what its anchors give them. */
async function servicesOf(file: string): Promise<Record<string, z.infer<typeof serviceSchema>>> {
  const text = await readFile(join(ROOT, file), "utf8");
  const schema = z.object({ services: z.record(z.string(), serviceSchema) });
  return schema.parse(parse(text, { merge: true })).services;
}

test.each([
  ["compose.yaml", ["gateway", "nginx", "valkey"], ["data:/data", "jobs:/data"]],
  [
    "compose.gateways.yaml",
    ["gateway", "gateway-2", "nginx", "valkey"],
    ["data:/data", "data:/data", "jobs:/data"],
  ],
])(
  "every service of %s runs without rights that it does not need",
  async (file, names, written) => {
    const services = await servicesOf(file);
    expect(Object.keys(services)).toEqual(names);
    for (const service of Object.values(services))
      expect(service).toMatchObject({
        ...{ read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] },
      });
    // All else that is mounted can be read alone.
    const writable = Object.values(services).flatMap(({ volumes }) =>
      volumes.filter((volume) => !volume.endsWith(":ro")),
    );
    expect(writable).toEqual(written);
  },
);

describe("compose.gateways.yaml", () => {
  test("gives both gateways the same but for where each is reached, and Jellyfin to the first", async () => {
    const { gateway, "gateway-2": second } = await servicesOf("compose.gateways.yaml");
    const { GATEWAY_URL, JELLYFIN_URL, JELLYFIN_API_KEY, ...common } = gateway?.environment ?? {};
    expect([GATEWAY_URL, second?.environment?.["GATEWAY_URL"]]).toEqual([
      "http://gateway:5000",
      "http://gateway-2:5000",
    ]);
    expect(JELLYFIN_URL).toBeDefined();
    expect(JELLYFIN_API_KEY).toBeDefined();
    expect(second?.environment).toEqual({ ...common, GATEWAY_URL: "http://gateway-2:5000" });
    expect(second?.volumes).toEqual(gateway?.volumes);
  });

  test("has the settings, images and mounts of compose.yaml", async () => {
    const [one, several] = [
      await servicesOf("compose.yaml"),
      await servicesOf("compose.gateways.yaml"),
    ];
    const { GATEWAY_URL: _, ...environment } = several["gateway"]?.environment ?? {};
    expect({ ...environment, FARM_URL: "" }).toEqual({
      ...one["gateway"]?.environment,
      FARM_URL: "",
    });
    for (const name of ["tmpfs", "volumes", "healthcheck"] as const)
      expect(several["gateway"]?.[name]).toEqual(one["gateway"]?.[name]);
    expect(several["valkey"]).toEqual(one["valkey"]);
  });

  test("fills in all that nginx' templates ask for, and mounts each of them", async () => {
    for (const file of ["compose.yaml", "compose.gateways.yaml"]) {
      const { nginx } = await servicesOf(file);
      const templates = (nginx?.volumes ?? [])
        .map((volume) => /^\.\/(nginx\/[^:]+):/.exec(volume)?.[1])
        .filter((path) => path !== undefined);
      expect(templates).toContain("nginx/upreel.conf.template");
      const asked = new Set<string>();
      for (const path of templates) {
        const text = await readFile(join(ROOT, path), "utf8");
        for (const [, name = ""] of text.matchAll(/\$\{(\w+)\}/g)) asked.add(name);
      }
      const { NGINX_ENVSUBST_FILTER: _, ...given } = nginx?.environment ?? {};
      expect([...asked].sort(), file).toEqual(Object.keys(given).sort());
    }
  });
});
