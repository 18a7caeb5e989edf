/** Releases whose answers differ. */
export type FakeVersion = "10.10.7" | "10.11.11" | "12.0.0";

const parts = (version: string): number[] => version.split(".").map(Number);

/** True from the release after `release` (`10.10`, `10.11`) on. */
export function isNewerThan(version: FakeVersion, release: "10.10" | "10.11"): boolean {
  const [major = 0, minor = 0] = parts(version);
  const [wantedMajor = 0, wantedMinor = 0] = parts(release);
  return major > wantedMajor || (major === wantedMajor && minor > wantedMinor);
}

/** 12.0 turned these off: `X-Emby-Token`, `api_key=`, `Authorization: Emby`. */
export const hasLegacyAuthorization = (version: FakeVersion): boolean =>
  !isNewerThan(version, "10.11");
