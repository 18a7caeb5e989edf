import type { Explanation } from "../api/gateway.ts";
import { strings } from "../strings.ts";

/** What went wrong in one sentence; what only an expert wants to know is folded away. */
export function ToldReason({ sentence, details }: Explanation) {
  return (
    <>
      <p>{sentence}</p>
      {details !== "" && (
        <details class="small">
          <summary>{strings.errors.details}</summary>
          <p class="error-details">{details}</p>
        </details>
      )}
    </>
  );
}
