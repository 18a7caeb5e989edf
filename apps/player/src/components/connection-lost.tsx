import { strings } from "../strings.ts";

/** Lies over the page, so that nothing moves when the gateway goes and comes. */
export function ConnectionLost() {
  return (
    <div class="note warning connection" role="status">
      <span class="spinner" />
      <div>{strings.connection.lost}</div>
    </div>
  );
}
