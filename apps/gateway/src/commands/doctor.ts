import { loadConfig } from "../config.ts";
import { examine } from "../doctor/doctor.ts";

const MARK = { good: "ok  ", note: "--  ", warning: "warn", bad: "BAD " } as const;

/** `upreel doctor`: exit code 1 when something stops Upreel from working. */
export async function doctor(): Promise<void> {
  const config = loadConfig();
  for await (const { what, verdict, message, fix } of examine(config, config.mediaRoots)) {
    console.log(`${MARK[verdict]} ${what.padEnd(11)} ${message}`);
    if (fix !== undefined) console.log(`${" ".repeat(17)}to fix it: ${fix}`);
    if (verdict === "bad") process.exitCode = 1;
  }
}
