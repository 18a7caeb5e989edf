import { urlOf } from "../api/gateway.ts";
import { strings } from "../strings.ts";

/** Name and mark, which lead home. */
export function Brand() {
  return (
    <a class="brand" href={urlOf("./")}>
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#0f2a27" />
        <path
          d="M8 21.5 16 8l8 13.5"
          fill="none"
          stroke="#4cd0b5"
          stroke-width="3.2"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
        <path d="M11.5 25h9" stroke="#f0b35a" stroke-width="2.6" stroke-linecap="round" />
      </svg>
      <span class="brand-name">{strings.brand}</span>
    </a>
  );
}
