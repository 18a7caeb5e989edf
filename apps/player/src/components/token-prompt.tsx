import { useSignal } from "@preact/signals";
import { call, explain, GatewayError, keepToken } from "../api/gateway.ts";
import { strings } from "../strings.ts";
import { Icon } from "./icon.tsx";

/** Asks for the API token, tries it, and keeps it in this browser. */
export function TokenPrompt({ onTaken }: { readonly onTaken: () => void }) {
  const token = useSignal("");
  const problem = useSignal("");
  const tryIt = async (event: Event): Promise<void> => {
    event.preventDefault();
    keepToken(token.value);
    try {
      await call("streams");
      onTaken();
    } catch (thrown) {
      const isWrong = thrown instanceof GatewayError && thrown.code === "unauthorized";
      problem.value = isWrong ? strings.token.wrong : explain(thrown).sentence;
    }
  };
  return (
    <form class="card empty" onSubmit={(event) => void tryIt(event)}>
      <Icon name="key" />
      <h2>{strings.token.title}</h2>
      <p class="quiet">{strings.token.text}</p>
      <div class="field token-field">
        <label for="token">{strings.token.label}</label>
        <input
          id="token"
          class="input"
          type="password"
          autocomplete="current-password"
          required
          aria-invalid={problem.value !== ""}
          aria-describedby="token-problem"
          onInput={(event) => (token.value = event.currentTarget.value)}
        />
        <p id="token-problem" class="small" role="alert">
          {problem.value}
        </p>
      </div>
      <button class="button primary">{strings.token.use}</button>
    </form>
  );
}
