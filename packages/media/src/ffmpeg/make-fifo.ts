import { execa } from "execa";

/** Makes named pipes that only this user can open. Rejects when it cannot. */
export async function makeFifo(...paths: readonly string[]): Promise<void> {
  await execa("mkfifo", ["-m", "600", "--", ...paths], { stdin: "ignore" });
}
