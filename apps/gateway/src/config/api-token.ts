import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UpreelError } from "@upreel/core";
import { replaceFile } from "@upreel/files";

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

/** Makes a token that only this user can read, and tells it. */
export async function makeApiToken(dataDir: string): Promise<string> {
  const token = randomBytes(24).toString("base64url");
  await replaceFile(fileOf(dataDir), `${token}\n`, { isDurable: true, mode: 0o600 });
  return token;
}
