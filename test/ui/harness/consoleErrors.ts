import type { Page } from "playwright-core";

/** What the workbench itself complains about: no network on the machine, a build without accounts, work of its own at a reload. */
const WORKBENCH_NOISE =
  /\[lifecycle\] Long running operations during shutdown|ENOTFOUND|EAI_AGAIN|ERR_NAME_NOT_RESOLVED|ERR_INTERNET_DISCONNECTED|node_modules\/vsda\/|authentication provider 'github'/;

const collected = new WeakMap<Page, string[]>();

/** Begins to collect what a window and its webviews report as errors. */
export function collectErrors(page: Page): void {
  const errors: string[] = [];
  collected.set(page, errors);
  const add = (text: string): void => {
    if (!WORKBENCH_NOISE.test(text)) errors.push(text);
  };
  page.on("console", (message) => {
    if (message.type() === "error") add(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => add(error.stack ?? error.message));
}

/** @returns the console errors and uncaught errors of a window and its webviews until now, oldest first */
export function consoleErrors(page: Page): readonly string[] {
  return collected.get(page) ?? [];
}
