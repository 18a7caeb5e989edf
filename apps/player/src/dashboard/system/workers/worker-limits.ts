/** As it was typed; an empty field is no limit. */
export interface LimitsForm {
  readonly streams: string;
  readonly hours: string;
  readonly weight: string;
  readonly megabits: string;
  readonly whileInUse: boolean;
}

/** The body of a call that sets them. What is no number is sent as it is: the gateway says what it expects. */
export const limitsChange = ({ streams, hours, weight, megabits, whileInUse }: LimitsForm) => ({
  ...{ streams: numberOf(streams), weight: numberOf(weight), megabits: numberOf(megabits) },
  hours: hours.trim() === "" ? null : hours.trim().replace(/\s*[-–]\s*/, "-"),
  while_in_use: whileInUse,
});

function numberOf(text: string): number | string | null {
  const typed = text.trim().replace(",", ".");
  if (typed === "") return null;
  return Number.isNaN(Number(typed)) ? typed : Number(typed);
}
