import type { Locator, Page } from "playwright-core";
import { palette } from "./quickInput";

/** How long a message is waited for before it is looked for where VS Code keeps those that it does not show. */
const PATIENCE_MS = 8_000;

/** @returns the messages that pop up, and those that the bell has when it is open */
export function messages(page: Page): Locator {
  // Both lists have the same messages; one of them is shown.
  return page.locator(":is(.notifications-toasts, .notifications-center) .notification-list-item:visible");
}

/** Waits for a message that has this text; one that VS Code does not show by itself is looked for behind the bell. */
export async function notification(page: Page, text: string | RegExp): Promise<Locator> {
  const message = messages(page).filter({ hasText: text }).first();
  try {
    await message.waitFor({ timeout: PATIENCE_MS });
  } catch {
    await palette(page, "Notifications: Show Notifications");
    await message.waitFor();
  }
  return message;
}

/** Waits for a message that has this text, and clicks one of its buttons. */
export async function clickNotification(page: Page, text: string | RegExp, button: string): Promise<void> {
  const toast = await notification(page, text);
  await toast.hover();
  await toast.getByRole("button", { name: button, exact: true }).click();
}

/** Takes all messages away, so that the next one is not taken for an old one. */
export async function clearNotifications(page: Page): Promise<void> {
  await palette(page, "Notifications: Clear All Notifications");
  await messages(page).first().waitFor({ state: "hidden" });
}

/** @returns the modal dialog, when it is there */
export async function dialog(page: Page): Promise<Locator> {
  const box = page.locator(".monaco-dialog-box");
  await box.waitFor();
  return box;
}

/** Clicks a button of the modal dialog. */
export async function answerDialog(page: Page, button: string): Promise<void> {
  await (await dialog(page)).getByRole("button", { name: button, exact: true }).click();
}
