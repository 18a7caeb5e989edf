import { keepToken } from "../api/gateway.ts";
import { isTelevision } from "../components/television.ts";
import { tokenIn } from "../api/token-link.ts";
import { chooseLanguage } from "../strings.ts";

/** The place to draw in, emptied of what the page showed before its script came; texts are there by then. */
export async function startPage(): Promise<HTMLElement> {
  const app = document.querySelector<HTMLElement>("#app");
  if (app === null) throw new Error("the page has no #app");
  takeToken();
  if (isTelevision()) document.documentElement.dataset["screen"] = "tv";
  // After an update of the gateway an open page asks for files that are gone.
  addEventListener("vite:preloadError", () => location.reload());
  await chooseLanguage();
  app.textContent = "";
  return app;
}

/** A link with the token signs in. It must be in no bookmark, nor in what is shown to somebody beside. */
function takeToken(): void {
  const token = tokenIn(location.hash);
  if (token === undefined) return;
  keepToken(token);
  history.replaceState(null, "", location.pathname + location.search);
}
