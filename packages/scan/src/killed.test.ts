import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { eventually, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openRig } from "./testing/open-rig.ts";
import { writePlugin } from "./testing/write-plugin.ts";

const SCRIPT = fileURLToPath(new URL("testing/scan-in-process.ts", import.meta.url));
const [BEFORE, FILM] = ["/films/before.mkv", "/films/film.mkv"];
/** Says with a file that it is looking at a film, and hangs. */
const hangs = (mark: string): string => `
import { writeFileSync } from "node:fs";
methods["mediaScan.scanSingle"] = () => writeFileSync(${JSON.stringify(mark)}, "");
begin()`;

/** Rows of the database as they lie on the disk. */
function count(dataDir: string, sql: string): number {
  const database = new DatabaseSync(join(dataDir, "scans.db"));
  const [row] = database.prepare(sql).all();
  database.close();
  return Number(Object.values(row ?? {})[0]);
}

/** Inserting a chapter takes longer than anybody waits. */
const SLOW = `CREATE TRIGGER slow AFTER INSERT ON chapters BEGIN
  SELECT COUNT(*) FROM (WITH RECURSIVE n(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM n) SELECT x FROM n);
END`;

const isLocked = (dataDir: string): boolean => {
  const database = new DatabaseSync(join(dataDir, "scans.db"), { timeout: 0 });
  try {
    database.exec("BEGIN IMMEDIATE; ROLLBACK");
    return false;
  } catch {
    return true;
  } finally {
    database.close();
  }
};

it.each(["prepare", "plugin", "persist"] as const)(
  "a gateway that is killed while a job is at %s loses nothing that was known, and does the rest once",
  async (phase) => {
    await using folder = await makeTempFolder();
    const dataDir = folder.path;
    const mark = join(dataDir, "looks");
    {
      await using rig = openRig(dataDir);
      await writePlugin(rig.pluginsDir, "mine", "begin()");
      await rig.scan(BEFORE);
      if (phase === "plugin") await writePlugin(rig.pluginsDir, "mine", hangs(mark));
    }
    const run = (sql: string): void => {
      const database = new DatabaseSync(join(dataDir, "scans.db"));
      database.exec(sql);
      database.close();
    };
    if (phase === "persist") run(SLOW);
    const child = spawn(process.execPath, [SCRIPT, dataDir, FILM, phase], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const said: string[] = [];
    createInterface({ input: child.stdout }).on("line", (line) => said.push(line));
    await eventually("it has begun", () => said.includes(phase === "persist" ? phase : "prepare"));
    if (phase === "plugin") await eventually("the plugin looks", () => existsSync(mark));
    if (phase === "persist") await eventually("it writes", () => isLocked(dataDir));
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
    if (phase === "persist") run("DROP TRIGGER slow");
    expect(said).not.toContain("done");
    expect(count(dataDir, "SELECT COUNT(*) FROM scans")).toBe(1);
    expect(count(dataDir, "SELECT COUNT(*) FROM chapters")).toBe(1);

    await using rig = openRig(dataDir);
    await writePlugin(rig.pluginsDir, "mine", "begin()");
    expect(await rig.scan(BEFORE)).toMatchObject({ tasks: [{ state: "known" }] });
    expect(rig.store.fingerprints(rig.fileId(BEFORE), "mine", "1")).toHaveLength(1);
    expect(await rig.scan(FILM)).toMatchObject({ tasks: [{ state: "done", chapters: 1 }] });
    expect(await rig.scan(FILM)).toMatchObject({ tasks: [{ state: "known" }] });
    expect(count(dataDir, "SELECT COUNT(*) FROM scans")).toBe(2);
    expect(count(dataDir, "SELECT COUNT(*) FROM chapters")).toBe(2);
  },
);
