import type { FileIdentity } from "../film/file-identity.ts";
import type { Timeline } from "../film/timeline.ts";

/** A film that is being written. */
export interface FilmFollowing extends Disposable {
  /**
   * Its timeline as far as it is certain by now, in whole segments on the grid that it was begun with;
   * never shorter than before. Throws what looking into a film throws.
   */
  readonly look: (file: FileIdentity) => Promise<Timeline>;
}
