import type { StreamState } from "@upreel/core";
import { Icon } from "../../components/icon.tsx";
import { strings } from "../../strings.ts";
import type { Action } from "../../stream/actions.ts";

interface ActionButtonProps {
  readonly action: Action;
  readonly state: StreamState;
  readonly onClick: (action: Action) => void;
}

/** A button for what can be done with a stream in this state. */
export function ActionButton({ action, state, onClick }: ActionButtonProps) {
  const isAgain = action === "resume" && state !== "paused";
  const name = isAgain ? strings.streams.again : strings.streams[action];
  const icon = {
    pause: "pause",
    resume: "play",
    cancel: "stop",
    pin: "pin",
    unpin: "pin",
  } as const;
  return (
    <button
      type="button"
      class="button bare"
      aria-label={name}
      title={name}
      onClick={() => onClick(action)}
    >
      <Icon name={icon[action]} />
      <span class="action-name">{name}</span>
    </button>
  );
}
