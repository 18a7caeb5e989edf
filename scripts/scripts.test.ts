import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { VERSION } from "../apps/gateway/src/version.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "upreel-scripts-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(command, args, { env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

it("the gateway tells the version of the package", async () => {
  const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
    version: string;
  };
  expect(VERSION).toBe(version);
});

it("docs/configuration.md is made from the schema", async () => {
  expect(
    await run(process.execPath, [join(ROOT, "scripts/generate-docs.ts"), "--check"]),
  ).toMatchObject({ code: 0 });
});

describe("the count of tests", () => {
  const count = async (
    report: object | string,
    failedChecks: number,
  ): Promise<[string, number]> => {
    const path = join(folder, "report.json");
    await writeFile(path, typeof report === "string" ? report : JSON.stringify(report));
    const { stdout, code } = await run(process.execPath, [
      join(ROOT, "scripts/count-tests.ts"),
      path,
      String(failedChecks),
    ]);
    return [stdout, code];
  };
  const report = (
    numPassedTests: number,
    numFailedTests: number,
    testResults: object[] = [],
  ): object => ({
    numPassedTests,
    numFailedTests,
    success: numFailedTests === 0 && testResults.length === 0,
    testResults,
  });

  it("is green when all passed", async () => {
    expect(await count(report(12, 0), 0)).toEqual(["12 passed, 0 failed\n", 0]);
  });

  it("names what was skipped", async () => {
    const assertionResults = [
      { status: "passed", title: "plays" },
      { status: "skipped", title: "Firefox plays (needs firefox-esr)" },
    ];
    const some = { ...report(1, 0), testResults: [{ status: "passed", assertionResults }] };
    expect(await count(some, 0)).toEqual([
      ...["1 passed, 0 failed, 1 skipped: Firefox plays (needs firefox-esr)\n", 0],
    ]);
  });

  it("is red for a failed test, a failed check, a file that does not load, no report and no tests", async () => {
    expect(await count(report(12, 2), 0)).toEqual(["12 passed, 2 failed\n", 1]);
    expect(await count(report(12, 0), 1)).toEqual(["12 passed, 1 failed\n", 1]);
    expect(await count(report(12, 0, [{ status: "failed", assertionResults: [] }]), 0)).toEqual([
      "12 passed, 1 failed\n",
      1,
    ]);
    expect(await count("", 0)).toEqual(["0 passed, 1 failed\n", 1]);
    expect((await count(report(0, 0), 0))[1]).toBe(1);
  });
});

describe("setup.sh", () => {
  /** A folder that looks like the repository, with a PATH of fakes that note how they were called. */
  async function fakeRepository(programs: readonly string[]): Promise<{
    setup: (mode: string, ffmpeg?: string) => Promise<Ended>;
    calls: () => Promise<string>;
  }> {
    const bin = join(folder, "bin");
    await mkdir(join(folder, "scripts"), { recursive: true });
    await mkdir(bin);
    await cp(join(ROOT, "scripts/setup.sh"), join(folder, "scripts/setup.sh"));
    await writeFile(join(folder, "package-lock.json"), "{}");
    for (const real of ["sh", "dirname", "cksum", "tail", "mktemp", "rm"])
      await symlink(`/usr/bin/${real}`, join(bin, real));
    const fake = (name: string, body: string): Promise<void> =>
      writeFile(join(bin, name), `#!/bin/sh\necho "${name} $*" >>"${folder}/calls"\n${body}\n`, {
        mode: 0o755,
      });
    await fake("node", "echo 20");
    await fake("npm", `mkdir -p node_modules`);
    await symlink("/usr/bin/mkdir", join(bin, "mkdir"));
    await fake("id", "echo 0");
    await fake("ldconfig", "echo libatomic.so.1");
    for (const program of programs) await fake(program, "exit 0");
    return {
      setup: (mode, ffmpeg = "") =>
        run("/bin/sh", [join(folder, "scripts/setup.sh"), mode], {
          PATH: bin,
          FFMPEG: ffmpeg,
          FFPROBE: "",
        }),
      calls: () => readFile(join(folder, "calls"), "utf8").catch(() => ""),
    };
  }

  it("installs Node packages once, and again when the lock file is another one", async () => {
    const { setup, calls } = await fakeRepository(["ffmpeg", "ffprobe"]);
    expect(await setup("start")).toMatchObject({ code: 0 });
    expect(await setup("start")).toMatchObject({ code: 0, stderr: "" });
    expect((await calls()).match(/npm ci/g)).toHaveLength(1);
    await writeFile(join(folder, "package-lock.json"), '{"lockfileVersion": 3}');
    await setup("start");
    // As it is: a lock file that npm changes stands in the way of the next `git pull`.
    expect((await calls()).match(/npm (ci|install( --no-save)?)/g)).toEqual([
      "npm ci",
      "npm install --no-save",
    ]);
  });

  it("begins anew where the first install was broken off: npm cannot go on with what is left of it", async () => {
    const { setup, calls } = await fakeRepository(["ffmpeg", "ffprobe"]);
    await mkdir(join(folder, "node_modules"));
    expect(await setup("start")).toMatchObject({ code: 0 });
    expect((await calls()).match(/npm (ci|install)/g)).toEqual(["npm ci"]);
  });

  it("installs ffmpeg when it is missing, and players too for the tests", async () => {
    const { setup, calls } = await fakeRepository(["apt-get", "nginx"]);
    expect(await setup("start")).toMatchObject({ code: 0 });
    expect(await calls()).toContain("apt-get install -y --no-install-recommends ffmpeg\n");
    expect(await setup("test")).toMatchObject({ code: 0 });
    expect(await calls()).toMatch(
      /apt-get install \S+ \S+ ffmpeg mpv vlc-bin vlc-plugin-base chromium/,
    );
    expect(await calls()).toMatch(/apt-get install \S+ \S+ firefox-esr/);
    expect(await calls()).toMatch(
      /apt-get install \S+ \S+ webkit2gtk-driver xvfb gstreamer1.0-libav/,
    );
  });

  it("installs the library that Node lacks before npm runs it", async () => {
    const { setup, calls } = await fakeRepository(["apt-get", "ffmpeg", "ffprobe"]);
    await writeFile(join(folder, "bin/ldconfig"), "#!/bin/sh\necho libc.so.6\n");
    expect(await setup("start")).toMatchObject({ code: 0 });
    expect(await calls()).toMatch(/apt-get install \S+ \S+ libatomic1\n[^]*npm ci/);
  });

  it("installs no ffmpeg in place of one that is named and not there", async () => {
    const { setup, calls } = await fakeRepository(["apt-get", "ffmpeg", "ffprobe"]);
    const { code, stderr } = await setup("start", "/no/ffmpeg");
    expect([code, stderr]).toEqual([1, expect.stringContaining("/no/ffmpeg is no program here")]);
    expect(await calls()).not.toContain("apt-get");
  });

  it("says what to install where there is no apt", async () => {
    const { setup } = await fakeRepository([]);
    const { code, stderr } = await setup("start");
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("please install these programs and start again: ffmpeg"),
    ]);
  });
});

it("the gateway takes the shell's place: who ends npm, or a service manager that does, ends it too", async () => {
  const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  await mkdir(join(folder, "scripts"));
  await writeFile(join(folder, "scripts/setup.sh"), "");
  await writeFile(join(folder, "node"), "#!/bin/sh\necho $$\n", { mode: 0o755 });
  for (const name of ["start", "upreel"]) {
    const child = spawn("/bin/sh", ["-c", scripts[name] ?? ""], {
      cwd: folder,
      env: { ...process.env, PATH: `${folder}:/usr/bin:/bin` },
    });
    const [said] = await once(child.stdout, "data");
    expect(`${name} ${String(said).trim()}`).toBe(`${name} ${child.pid}`);
  }
});
