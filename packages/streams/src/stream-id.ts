import { createHmac } from "node:crypto";
import type { FileIdentity, Profile } from "@upreel/core";

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567"; // RFC 4648, lower case
const ID_LENGTH = 26; // 130 bits: nobody guesses it, so its URL is a capability

/** What of a profile tells streams of one file apart. What came later is left out where it is not asked for: ids stay. */
export function profileIdentity({ model, scale, encoder, quality, ...later }: Profile) {
  const { targetHeight, audio, faces, sharpness } = later;
  const isAsked = [targetHeight, audio, faces, sharpness].some((each) => each !== undefined);
  const asked = isAsked ? [targetHeight ?? null, audio ?? null] : [];
  if (faces !== undefined) asked.push(`faces ${faces}`);
  if (sharpness !== undefined) asked.push(`sharpness ${sharpness}`);
  return [model, scale, encoder, quality, ...asked];
}

/**
 * The id of a stream: HMAC-SHA256 of file and profile under the secret of this installation, in
 * base32. The same after a restart; another one when the file is replaced or the profile changes.
 */
export function streamId(secret: Uint8Array, file: FileIdentity, profile: Profile): string {
  const identity = [
    ...[file.path, file.sizeBytes, Math.trunc(file.modifiedMs)],
    ...profileIdentity(profile),
  ];
  const digest = createHmac("sha256", secret).update(JSON.stringify(identity)).digest();
  let id = "";
  let bits = 0;
  let value = 0;
  for (const byte of digest) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5 && id.length < ID_LENGTH) {
      bits -= 5;
      id += BASE32[(value >> bits) & 31];
    }
  }
  return id;
}
