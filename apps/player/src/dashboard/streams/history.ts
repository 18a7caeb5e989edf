/** Figures of one stream over time; columns, as the plot wants them. */
export interface History {
  readonly atSeconds: readonly number[];
  readonly fps: readonly number[];
  readonly leadSeconds: readonly number[];
}

/** At most this many points; an open page does not grow. */
const MOST_POINTS = 720;
/** Between two points at first: twelve minutes fit. It doubles each time the history is full. */
const FIRST_STEP_SECONDS = 1;

export interface Recorder {
  readonly history: History;
  record(nowSeconds: number, fps: number, leadSeconds: number): void;
}

/** Keeps the whole past at a resolution that falls with its length. */
export function createRecorder(): Recorder {
  let stepSeconds = FIRST_STEP_SECONDS;
  let history: History = { atSeconds: [], fps: [], leadSeconds: [] };
  return {
    get history() {
      return history;
    },
    record(nowSeconds, fps, leadSeconds) {
      const last = history.atSeconds[history.atSeconds.length - 1];
      if (last !== undefined && nowSeconds - last < stepSeconds) return;
      if (history.atSeconds.length >= MOST_POINTS) {
        history = thin(history);
        stepSeconds *= 2;
      }
      history = {
        atSeconds: [...history.atSeconds, nowSeconds],
        fps: [...history.fps, fps],
        leadSeconds: [...history.leadSeconds, leadSeconds],
      };
    },
  };
}

function thin({ atSeconds, fps, leadSeconds }: History): History {
  const everySecond = (values: readonly number[]): number[] =>
    values.filter((_value, index) => index % 2 === 0);
  return {
    atSeconds: everySecond(atSeconds),
    fps: everySecond(fps),
    leadSeconds: everySecond(leadSeconds),
  };
}
