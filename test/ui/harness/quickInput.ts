import type { Locator, Page } from "playwright-core";
import { until } from "./until";

const PATIENCE_MS = 1_500;

/** @returns the box at the top of the window that asks for a command, a text or a choice */
export function quickInput(page: Page): Locator {
  return page.locator(".quick-input-widget:visible");
}

function quickInputField(page: Page): Locator {
  return quickInput(page).locator("input.input");
}

/**
 * Runs a command from the palette, as a person does.
 * @param title as the palette shows it, "Category: Title"
 * @throws {Error} when the palette has no such command after 30 s
 */
export async function palette(page: Page, title: string): Promise<void> {
  // A command's label may be the beginning of another's; after a comma comes its key.
  const exact = quickInput(page).getByRole("option", { name: title, exact: true });
  const withKey = quickInput(page).locator(`.monaco-list-row[aria-label^=${JSON.stringify(`${title}, `)}]`);
  const entry = exact.or(withKey).first();
  // Typed anew until it is there: an open palette does not learn of commands that an extension brings meanwhile.
  await until(`the palette offers "${title}"`, async () => {
    await page.keyboard.press("F1");
    try {
      await quickInputField(page).fill(`>${title}`, { timeout: PATIENCE_MS });
      await entry.waitFor({ timeout: PATIENCE_MS });
      return true;
    } catch {
      await dismiss(page);
      return false;
    }
  });
  await entry.click();
}

/** Whether the open box asks this, and has the text, where one is given. */
async function isAsked(page: Page, question: string, text?: string): Promise<boolean> {
  const box = quickInput(page);
  if (!(await box.isVisible())) return false;
  const field = quickInputField(page);
  const soon = { timeout: PATIENCE_MS };
  try {
    const hints = [await field.getAttribute("placeholder", soon), await field.getAttribute("aria-label", soon)];
    const asks = [await box.innerText(soon), ...hints].some((words) => words?.includes(question));
    return asks && (text === undefined || (await field.inputValue(soon)) === text);
  } catch {
    return false; // gone while it was looked at
  }
}

async function waitForQuestion(page: Page, question: string): Promise<void> {
  await until(`VS Code asks "${question}"`, () => isAsked(page, question));
}

/**
 * Types a text into an input box and accepts it; returns when VS Code has taken it. The extension is asked first whether
 * the text will do, and whatever else is opened meanwhile takes the box's place, which gives it up.
 * @param question what the box shows as title, prompt or placeholder, or a part of it: several boxes may follow one
 *   another, and nothing is typed into the one before
 */
export async function answer(page: Page, question: string, text: string): Promise<void> {
  await typeAnswer(page, question, text);
  await page.keyboard.press("Enter");
  await until(`VS Code takes the answer to "${question}"`, async () => !(await isAsked(page, question, text)));
}

/** Names a file in VS Code's simple file dialog, which sets a name of its own once it has read the folder. */
export async function answerFileDialog(page: Page, title: string, file: string): Promise<void> {
  await waitForQuestion(page, title);
  const field = quickInputField(page);
  await until(`the dialog "${title}" takes ${file}`, async () => {
    if (!(await field.isVisible())) return true;
    // It may close at any of these.
    const step = async (): Promise<void> => {
      if ((await field.inputValue({ timeout: PATIENCE_MS })) === file) await page.keyboard.press("Enter");
      else await field.fill(file, { timeout: PATIENCE_MS });
    };
    await step().catch(() => undefined);
    return false;
  });
}

/** As {@link answer}, but leaves the box open, so that what it says about the text can be read. */
export async function typeAnswer(page: Page, question: string, text: string): Promise<void> {
  await waitForQuestion(page, question);
  await quickInputField(page).fill(text);
}

/** @returns what the open box says below its text, its prompt or what is wrong with the text, once it has this in it */
export async function quickInputMessage(page: Page, text: string | RegExp): Promise<string> {
  const message = quickInput(page).locator(".quick-input-message").filter({ hasText: text });
  await message.waitFor();
  return message.innerText();
}

/** Chooses the item of an open picker that has exactly this label. */
export async function pick(page: Page, label: string): Promise<void> {
  await pickerRow(page, label).click();
}

function pickerRow(page: Page, label: string): Locator {
  const name = page.locator(".label-name").getByText(label, { exact: true });
  return quickInput(page).locator(".monaco-list-row").filter({ has: name }).first();
}

/** Leaves an open box by Escape. */
export async function dismiss(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
}
