/** A part of a film that has a role: where players offer to skip. */
export interface FilmChapter {
  readonly pluginId: string;
  readonly role: "intro" | "credits";
  readonly startSeconds: number;
  readonly endSeconds: number;
}
