import type { Offer } from "@upreel/core";

/** Places of a machine that measured nothing. */
export const makeOffers = (count: number): readonly Offer[] =>
  Array.from({ length: count }, (_, n) => ({
    ...{ id: `here/${n}`, machine: "here", providers: [], cores: 1, speeds: [] },
  }));
