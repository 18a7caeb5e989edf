/** The gateway gives 100 at once at most. */
export const PAGE = 48;
export const SORTS = ["title", "added", "year", "length", "size"] as const;
export const FILTERS = ["all", "ready", "upscaling"] as const;

/** What of the films is shown. */
export interface Wanted {
  readonly search: string;
  readonly sort: (typeof SORTS)[number];
  readonly filter: (typeof FILTERS)[number];
  readonly folder: string | undefined;
  /** How many pages of them are shown. */
  readonly pages: number;
}

export const FIRST: Wanted = {
  search: "",
  sort: "title",
  filter: "all",
  folder: undefined,
  pages: 1,
};

/** As `GET /films` takes it. */
export const queryOf = ({ search, sort, filter, folder }: Wanted, page = 0): string =>
  new URLSearchParams({
    ...{ search: search.trim(), sort, limit: String(PAGE), offset: String(page * PAGE) },
    ...(filter === "all" ? {} : { only: filter }),
    ...(folder === undefined ? {} : { folder }),
  }).toString();
