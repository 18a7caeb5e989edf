/** What was found and, where something can be done, what; `{name}` stands for a value. */
export interface FindingText {
  readonly message: string;
  readonly fix?: string;
}
