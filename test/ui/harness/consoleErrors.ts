import type { Page } from "playwright-core";

/** What names this extension, or comes from an extension host: the workbench's other complaints are about itself. */
const OURS = /pacspace-webhooks|\[Extension Host\]/;
/** What every extension host says on a machine without the network, in a build without accounts. */
const NOISE =
  /ENOTFOUND|EAI_AGAIN|ERR_NAME_NOT_RESOLVED|ERR_INTERNET_DISCONNECTED|node_modules\/vsda\/|authentication provider 'github'/;

const collected = new WeakMap<Page, string[]>();

/** Begins to collect what a window and its webviews report as errors. */
export function collectErrors(page: Page): void {
  const errors: string[] = [];
  collected.set(page, errors);
  const add = (text: string, source: string): void => {
    const isWorkbench = source.includes("/workbench/workbench.js");
    if (!NOISE.test(text + source) && (!isWorkbench || OURS.test(text))) errors.push(`${text} (${source})`);
  };
  page.on("console", (message) => {
    if (message.type() === "error") add(message.text(), message.location().url);
  });
  page.on("pageerror", (error) => add(error.message, error.stack ?? ""));
}

/** @returns the console errors and uncaught errors of a window and its webviews until now, oldest first */
export function consoleErrors(page: Page): readonly string[] {
  return collected.get(page) ?? [];
}
