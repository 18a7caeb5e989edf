import { useEffect } from "preact/hooks";

/** Asks before the page, or this part of it, is left while something is not saved. */
export function useUnsavedWarning(isUnsaved: boolean, question: string): void {
  useEffect(() => {
    if (!isUnsaved) return;
    const here = location.hash;
    let isAllowed = false;
    const onLeave = (event: BeforeUnloadEvent): void => event.preventDefault();
    // A link to another part: caught before the part changes.
    const onClick = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      const isElsewhere = link?.getAttribute("href")?.startsWith("#") === true;
      if (!isElsewhere || link?.getAttribute("href") === here) return;
      if (confirm(question)) isAllowed = true;
      else event.preventDefault();
    };
    // The browser's own "back" has left already; the part changes after this.
    const onBack = (): void => {
      if (isAllowed || location.hash === here || confirm(question)) return;
      history.pushState(null, "", here === "" ? location.pathname : here);
    };
    addEventListener("beforeunload", onLeave);
    addEventListener("click", onClick, true);
    addEventListener("popstate", onBack);
    return () => {
      removeEventListener("beforeunload", onLeave);
      removeEventListener("click", onClick, true);
      removeEventListener("popstate", onBack);
    };
  }, [isUnsaved]);
}
