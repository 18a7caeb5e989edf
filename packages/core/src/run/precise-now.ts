/** Now, in milliseconds since 1970, finer than a whole one: the same in all threads and processes. */
export const preciseNowMs = (): number => performance.timeOrigin + performance.now();
