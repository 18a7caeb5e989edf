import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually } from "@upreel/testkit";

/** Where Debian's package and the official image have it. */
const MODULE = "/usr/lib/nginx/modules/ngx_http_js_module.so";

const HOLD_JS = fileURLToPath(new URL("../hold.js", import.meta.url));

/** A real nginx with our templates. */
export interface RunningNginx extends AsyncDisposable {
  readonly url: string;
}

/** In front of one gateway or two, by upreel.conf.template and the file that says which. */
export async function startNginx(
  gatewayUrl: string,
  dataDir: string,
  holdSeconds = 60,
  secondUrl?: string,
): Promise<RunningNginx> {
  await mkdir(join(dataDir, "streams"), { recursive: true });
  const which = secondUrl === undefined ? "gateway.conf.template" : "gateways.conf.template";
  return run([which, "upreel.conf.template"], "/health", (listen) => ({
    UPREEL_LISTEN: listen,
    UPREEL_GATEWAY: new URL(gatewayUrl).host,
    ...(secondUrl === undefined ? {} : { UPREEL_GATEWAY_2: new URL(secondUrl).host }),
    UPREEL_DATA: dataDir,
    UPREEL_HOLD_SECONDS: String(holdSeconds),
    UPREEL_HOLD_JS: HOLD_JS,
  }));
}

/** In front of Jellyfin and of Upreel's proxy, by jellyfin.conf.template. */
export const startNginxForJellyfin = (
  jellyfinUrl: string,
  proxyUrl: string,
): Promise<RunningNginx> =>
  run(
    ["jellyfin.conf.template"],
    `${new URL(jellyfinUrl).pathname}/System/Info/Public`,
    (listen) => ({
      UPREEL_JELLYFIN_LISTEN: listen,
      UPREEL_JELLYFIN: new URL(jellyfinUrl).host,
      UPREEL_PROXY: new URL(proxyUrl).host,
      UPREEL_HOLD_SECONDS: "1",
      UPREEL_HOLD_JS: HOLD_JS,
    }),
  );

/** Checks the configuration by `nginx -t`, then starts it on a free port and waits for `readyPath`. */
async function run(
  templates: readonly string[],
  readyPath: string,
  valuesFor: (listen: string) => Readonly<Record<string, string>>,
): Promise<RunningNginx> {
  const folder = await mkdtemp(join(tmpdir(), "upreel-nginx-"));
  const port = await freePort();
  const values = valuesFor(`127.0.0.1:${port}`);
  const sites = await Promise.all(templates.map((name) => fillTemplate(name, values)));
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join("\n");
  await writeFile(
    join(folder, "nginx.conf"),
    `load_module ${MODULE};
    ${process.getuid?.() === 0 ? "user root;" : ""}
    daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 256; }
    http { access_log off; ${temporary}\n${sites.join("\n")} }`,
  );
  const args = ["-p", folder, "-e", join(folder, "error.log"), "-c", join(folder, "nginx.conf")];
  await checkConfiguration(args);
  const child = spawn("nginx", args, { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  await eventually("nginx answers", async () => (await fetch(`${url}${readyPath}`)).ok);
  return {
    url,
    async [Symbol.asyncDispose]() {
      await stop(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As envsubst does it: other `$names` are nginx' own. */
async function fillTemplate(
  name: string,
  values: Readonly<Record<string, string>>,
): Promise<string> {
  const template = await readFile(new URL(`../${name}`, import.meta.url), "utf8");
  return template.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

async function checkConfiguration(args: readonly string[]): Promise<void> {
  const child = spawn("nginx", [...args, "-t"], { stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`nginx -t: ${complaint}`);
}

/** SIGTERM, not SIGQUIT: that would wait for open event streams. */
async function stop(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
