import { explain } from "../api/gateway.ts";
import { strings } from "../strings.ts";
import { Icon } from "./icon.tsx";
import { ToldReason } from "./told-reason.tsx";

interface ProblemProps {
  readonly thrown: unknown;
  readonly onRetry?: () => void;
}

/** What failed and what to do about it. */
export function Problem({ thrown, onRetry }: ProblemProps) {
  return (
    <div class="note bad" role="alert">
      <Icon name="alert" />
      <div>
        <ToldReason {...explain(thrown)} />
      </div>
      {onRetry !== undefined && (
        <button type="button" class="button" onClick={onRetry}>
          {strings.retry}
        </button>
      )}
    </div>
  );
}
