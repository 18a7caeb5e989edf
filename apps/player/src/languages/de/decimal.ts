/** With the German decimal mark. */
export const decimal = (value: number, digits: number): string =>
  value.toFixed(digits).replace(".", ",");
