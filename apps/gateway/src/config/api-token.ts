import { randomInt, randomUUID } from "node:crypto";
import { readFileSync, rmSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { UpreelError } from "@upreel/core";
import { renameNew, replaceFile } from "@upreel/files";

const fileOf = (dataDir: string): string => join(dataDir, "api-token");

/** The token that `makeApiToken` made; undefined where none was. */
export function readApiToken(dataDir: string): string | undefined {
  try {
    const token = readFileSync(fileOf(dataDir), "utf8").trim();
    return token === "" ? undefined : token;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new UpreelError("invalid_config", `cannot read ${fileOf(dataDir)}`, {
      expected: "the API token that the first start made, readable by this user; or set API_TOKEN",
      got: String(error),
      cause: error,
    });
  }
}

/** Somebody types it with a remote control: small letters and digits that look like nothing else. */
const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
/** 31^12 is 2^59: a thousand guesses a second would take ten million years. */
const GROUPS = 3;
const GROUP_LENGTH = 4;

/** Makes a token that only this user can read, and tells it; where another gateway made one meanwhile, that one. */
export async function makeApiToken(dataDir: string): Promise<string> {
  const letter = (): string => ALPHABET.charAt(randomInt(ALPHABET.length));
  const group = (): string => Array.from({ length: GROUP_LENGTH }, letter).join("");
  const token = Array.from({ length: GROUPS }, group).join("-");
  const [file, own] = [fileOf(dataDir), `${fileOf(dataDir)}.${randomUUID()}`];
  await replaceFile(own, `${token}\n`, { isDurable: true, mode: 0o600 });
  // An empty one, as a crash of the machine leaves it, is none. Looked at again where it is deleted: another gateway may
  // have made one meanwhile.
  if (statSync(file, { throwIfNoEntry: false })?.size === 0) rmSync(file, { force: true });
  if (!(await renameNew(own, file))) await rm(own, { force: true });
  return readApiToken(dataDir) ?? token;
}
