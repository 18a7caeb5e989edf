import { useSignal, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { followEvents } from "../api/events.ts";
import type { GatewayError } from "../api/gateway.ts";
import { Problem } from "../components/problem.tsx";
import { strings } from "../strings.ts";

interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly message: string;
}
interface KeptLine extends LogLine {
  readonly key: number;
}

const LEVELS = ["error", "warn", "info", "debug"] as const;
type Level = (typeof LEVELS)[number];
/** An open page does not grow. */
const MOST_LINES = 1000;
const SHOWN_LINES = 300;

/** The last lines of the gateway's log, as they come, and why the gateway sends none. */
function useLogLines() {
  const lines = useSignal<readonly KeptLine[]>([]);
  const refused = useSignal<GatewayError | undefined>(undefined);
  useEffect(() => {
    const closing = new AbortController();
    let waiting: KeptLine[] = [];
    let key = 0;
    const takeIn = (): void => {
      lines.value = [...lines.peek(), ...waiting].slice(-MOST_LINES);
      waiting = [];
    };
    followEvents(
      "logs/stream",
      {
        // The gateway sends its last lines again.
        onOpen: () => (lines.value = []),
        onEvent(name, payload) {
          if (name !== "log") return;
          if (waiting.length === 0) requestAnimationFrame(takeIn);
          waiting.push({ ...(payload as LogLine), key: key++ });
        },
        onLost: (error) => (refused.value = error),
      },
      { signal: closing.signal },
    );
    return () => closing.abort();
  }, []);
  return { lines, refused };
}

/** The gateway's log, live. */
export function LogsView() {
  const { lines, refused } = useLogLines();
  const level = useSignal<Level>("info");
  const wanted = useSignal("");
  const isHeld = useSignal(false);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (!isHeld.value) list.current?.scrollTo(0, list.current.scrollHeight);
  });
  const shownLevels = LEVELS.slice(0, LEVELS.indexOf(level.value) + 1) as readonly string[];
  const text = wanted.value.trim().toLowerCase();
  const shown = lines.value
    .filter((line) => shownLevels.includes(line.level) && line.message.toLowerCase().includes(text))
    .slice(-SHOWN_LINES);
  const names = strings.logs;
  if (refused.value !== undefined) return <Problem thrown={refused.value} />;
  return (
    <>
      <Head {...{ level, wanted }} />
      <ol
        ref={list}
        class="card log"
        tabIndex={0}
        aria-label={names.title}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
          (isHeld.value = scrollHeight - scrollTop - clientHeight > 40)
        }
      >
        {shown.length === 0 && <li class="quiet">{names.empty}</li>}
        {shown.map(({ key, time, level: of, message }) => (
          <li key={key} class={of}>
            <time class="quiet">{time.slice(11, 19)}</time>
            <b>{of}</b>
            <span>{message}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

interface HeadProps {
  readonly level: Signal<Level>;
  /** What the filter says. */
  readonly wanted: Signal<string>;
}

/** The title, and which lines are shown. */
function Head({ level, wanted }: HeadProps) {
  const names = strings.logs;
  return (
    <div class="view-head">
      <div>
        <h1>{names.title}</h1>
      </div>
      <select
        class="input level"
        aria-label={names.level}
        onChange={(event) => (level.value = event.currentTarget.value as Level)}
      >
        {LEVELS.map((each) => (
          <option key={each} value={each} selected={each === level.value}>
            {names.levels[each]}
          </option>
        ))}
      </select>
      <input
        class="input filter"
        type="search"
        placeholder={names.filter}
        aria-label={names.filter}
        onInput={(event) => (wanted.value = event.currentTarget.value)}
      />
    </div>
  );
}
