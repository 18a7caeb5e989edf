import type { Page } from "playwright-core";

/** Adds rules to the page. Its policy forbids a `<style>`, as Playwright's `addStyleTag` makes one. */
export const addStyle = (page: Page, rules: string): Promise<void> =>
  page.evaluate(`(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(${JSON.stringify(rules)});
    document.adoptedStyleSheets.push(sheet);
  })()`);
