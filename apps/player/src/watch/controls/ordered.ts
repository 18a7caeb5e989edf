/** What a viewer just chose, beside what was chosen when he did. */
export interface Ordered<T> {
  readonly before: T;
  readonly value: T;
}

/** What a menu shows as chosen: his choice until the gateway tells of anything else than before. */
export const shownChoice = <T>(told: T, ordered: Ordered<T> | undefined): T =>
  ordered !== undefined && ordered.before === told ? ordered.value : told;
