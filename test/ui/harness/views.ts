import type { Locator, Page } from "playwright-core";
import { until } from "./until";

const quoted = (text: string): string => JSON.stringify(text);

function containerIcon(page: Page, title: string): Locator {
  return page.locator(".activitybar .action-item", { has: page.locator(`[aria-label^=${quoted(title)}]`) }).first();
}

/** @returns the number on a view container's icon in the activity bar; empty when there is none */
export async function badge(page: Page, title: string): Promise<string> {
  const content = containerIcon(page, title).locator(".badge-content");
  return (await content.isVisible()) ? content.innerText() : "";
}

/** Shows a view container by its icon in the activity bar. */
export async function openContainer(page: Page, title: string): Promise<void> {
  const item = containerIcon(page, title);
  const shown = page.locator(".part.sidebar .composite.title, .part.sidebar .title-label").filter({ hasText: title });
  await item.waitFor();
  // A click on the icon of the container that is shown hides it, and a window that has just come up may still be about
  // to show it: look, and click only when it stays away.
  await until(`the container "${title}" is shown`, async () => {
    if (await appears(shown.first())) return true;
    // A badge lies over the icon and would take the click.
    await item.locator("a").first().click({ force: true });
    return appears(shown.first());
  });
}

async function appears(thing: Locator): Promise<boolean> {
  return thing.waitFor({ timeout: 3_000 }).then(
    () => true,
    () => false,
  );
}

/** @returns a view of the container that is shown, with its header */
export function view(page: Page, name: string): Locator {
  return page.locator(".part.sidebar .pane", { has: page.locator(`.pane-header[aria-label^=${quoted(name)}]`) });
}

/** Unfolds a view, if it is folded. */
export async function expandView(page: Page, name: string): Promise<void> {
  const header = view(page, name).locator(".pane-header");
  await header.waitFor();
  if ((await header.getAttribute("aria-expanded")) === "false") await header.click();
}

/** Clicks an action in a view's header. */
export async function viewAction(page: Page, name: string, action: string): Promise<void> {
  const header = view(page, name).locator(".pane-header");
  await header.hover();
  await header.locator(`.action-label[aria-label^=${quoted(action)}]`).click();
}

/** @returns what stands beside a view's name */
export async function viewDescription(page: Page, name: string): Promise<string> {
  return view(page, name).locator(".pane-header .description").innerText();
}

/** @returns the view's rows on the screen: a long list has more, see {@link revealRow} */
export function treeRows(page: Page, name: string): Locator {
  return view(page, name).locator(".pane-body .monaco-list-row");
}

/** @returns the view's first row with this text in it, if it is on the screen */
export function treeRow(page: Page, name: string, text: string | RegExp): Locator {
  return treeRows(page, name).filter({ hasText: text }).first();
}

/** @returns what a screen reader calls each row of a view, from the first to the last: the view is scrolled through */
export async function rowNames(page: Page, name: string): Promise<readonly string[]> {
  const list = view(page, name).locator(".pane-body .monaco-list").first();
  const toTop = async (): Promise<void> => {
    await list.hover();
    await page.mouse.wheel(0, -1_000_000);
  };
  await toTop();
  const names = new Map<number, string>();
  let total = NaN;
  await until(`all rows of the view "${name}" have been seen`, async () => {
    const { count, seen } = await list
      .locator(".monaco-list-rows")
      .first()
      .evaluate((element) => {
        const rows = [...element.querySelectorAll(".monaco-list-row")];
        return {
          count: Math.round(element.clientHeight / (rows[0]?.clientHeight ?? NaN)),
          seen: rows.map(
            (row) => [Number(row.getAttribute("data-index")), row.getAttribute("aria-label") ?? ""] as const,
          ),
        };
      });
    // It is another list by now.
    if (count !== total) {
      names.clear();
      await toTop();
    } else {
      for (const [index, label] of seen) names.set(index, label);
      // Rows may have gone by unseen.
      if (names.has(count - 1)) await toTop();
      else await page.mouse.wheel(0, ((await list.boundingBox())?.height ?? 0) / 2);
    }
    total = count;
    return names.size === count;
  });
  await toTop();
  return [...names].sort(([one], [other]) => one - other).map(([, label]) => label);
}

/** Whether the middle of a row can be seen: below a view's message VS Code cuts the first row's edge off. */
async function isWithin(row: Locator, list: Locator): Promise<boolean> {
  if (!(await row.isVisible())) return false;
  const [inner, outer] = [await row.boundingBox(), await list.boundingBox()];
  if (inner === null || outer === null) return false;
  const [middle, quarter] = [inner.y + inner.height / 2, inner.height / 4];
  return middle - quarter >= outer.y && middle + quarter <= outer.y + outer.height;
}

/**
 * Scrolls a view, from its top on, until a row with this text is on the screen.
 * @throws {Error} when the list has none
 */
export async function revealRow(page: Page, name: string, text: string | RegExp): Promise<Locator> {
  const row = treeRow(page, name, text);
  const list = view(page, name).locator(".pane-body .monaco-list").first();
  await list.hover();
  let before: number | undefined;
  await until(`the view "${name}" has a row with "${String(text)}"`, async () => {
    if (await isWithin(row, list)) return true;
    const place = (await list.locator(".monaco-list-rows").first().boundingBox())?.y;
    // At the end, from the top again: the wheel takes effect a while later, and rows come and go meanwhile.
    const isAtEnd = before === undefined || place === before;
    await page.mouse.wheel(0, isAtEnd ? -1_000_000 : ((await list.boundingBox())?.height ?? 0) / 2);
    before = isAtEnd ? NaN : place;
    return false;
  });
  return row;
}

/** Clicks one of the actions that a row shows under the mouse. */
export async function rowAction(row: Locator, action: string): Promise<void> {
  const button = row.locator(`.action-label[aria-label^=${quoted(action)}]`);
  // A row that is drawn anew under the mouse shows its actions only when the mouse moves again.
  await until(`the row's action "${action}" can be clicked`, async () => {
    await row.page().mouse.move(0, 0);
    await row.hover();
    return button.click({ timeout: 3_000 }).then(
      () => true,
      () => false,
    );
  });
}

/** Chooses from a row's context menu. */
export async function rowMenu(row: Locator, item: string): Promise<void> {
  await row.click({ button: "right" });
  const menu = row.page().locator(".monaco-menu");
  await menu.getByRole("menuitem", { name: item, exact: true }).hover();
  // A menu takes no click for a moment, lest the one that opened it choose something; keys it takes at once.
  await row.page().keyboard.press("Enter");
  await menu.waitFor({ state: "hidden" });
}

/** @returns the text that a view shows in place of rows; its links are buttons in it */
export function welcome(page: Page, name: string): Locator {
  return view(page, name).locator(".pane-body .welcome-view-content");
}
