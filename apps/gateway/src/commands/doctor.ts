import { loadConfig } from "../config.ts";
import { runDoctor } from "../doctor/doctor.ts";

const MARK = { good: "ok  ", note: "--  ", warning: "warn", bad: "BAD " } as const;

/** `upreel doctor`: exit code 1 when something stops Upreel from working. */
export async function doctor(): Promise<void> {
  const config = loadConfig();
  const findings = await runDoctor(config, config.mediaRoots);
  for (const { what, verdict, message, mend } of findings) {
    console.log(`${MARK[verdict]} ${what.padEnd(11)} ${message}`);
    if (mend !== undefined) console.log(`${" ".repeat(17)}mend it: ${mend}`);
  }
  if (findings.some(({ verdict }) => verdict === "bad")) process.exitCode = 1;
}
