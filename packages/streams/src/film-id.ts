import { isSameFile, type FileIdentity, type Profile } from "@upreel/core";
import { profileIdentity, streamId } from "./stream-id.ts";
import type { createRegister } from "./register.ts";

/** The streams that there are. */
type Known = Pick<ReturnType<typeof createRegister>, "has" | "peek" | "ofFile">;

/**
 * The id of the stream of a file under a profile. A film that was begun while it was being written keeps
 * the id that it had then, while it grows and when it is whole.
 */
export function filmId(
  register: Known,
  secret: Uint8Array,
  { file, profile }: { readonly file: FileIdentity; readonly profile: Profile },
): string {
  const own = streamId(secret, file, profile);
  if (register.has(own)) return own;
  const before = madeBefore(register, secret, { file, profile });
  if (before !== undefined) return before;
  const grown = register
    .ofFile(file.path)
    .find(
      ({ record }) =>
        (record.file.mayGrow === true || record.timeline?.growth !== undefined) &&
        isSameFile(record.file, file) &&
        isSameProfile(record.profile, profile),
    );
  return grown?.id ?? own;
}

/** As far as ids tell profiles apart. */
const isSameProfile = (a: Profile, b: Profile): boolean =>
  JSON.stringify(profileIdentity(a)) === JSON.stringify(profileIdentity(b));

/** A finished film from when ×2 was what nobody had to ask for: it is not made again for being a little larger. */
function madeBefore(
  register: Known,
  secret: Uint8Array,
  { file, profile }: { readonly file: FileIdentity; readonly profile: Profile },
): string | undefined {
  const { scale, targetHeight } = profile;
  if (scale !== "auto" || targetHeight !== undefined) return undefined;
  const id = streamId(secret, file, { ...profile, scale: 2 });
  return register.peek(id)?.state === "complete" ? id : undefined;
}
