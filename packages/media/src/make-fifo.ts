import { execa } from "execa";

/** Makes a named pipe that only this user can open. Rejects when it cannot. */
export async function makeFifo(path: string): Promise<void> {
  await execa("mkfifo", ["-m", "600", "--", path], { stdin: "ignore" });
}
