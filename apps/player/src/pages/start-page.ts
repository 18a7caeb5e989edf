/** The place to draw in, emptied of what the page showed before its script came. */
export function startPage(): HTMLElement {
  const app = document.querySelector<HTMLElement>("#app");
  if (app === null) throw new Error("the page has no #app");
  app.textContent = "";
  // After an update of the gateway an open page asks for files that are gone.
  addEventListener("vite:preloadError", () => location.reload());
  return app;
}
