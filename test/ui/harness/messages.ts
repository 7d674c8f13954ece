import type { Locator, Page } from "playwright-core";
import { palette } from "./quickInput";

/** @returns the messages that are shown */
export function toasts(page: Page): Locator {
  return page.locator(".notifications-toasts .notification-list-item");
}

/** Waits for a message that has this text. */
export async function notification(page: Page, text: string | RegExp): Promise<Locator> {
  const toast = toasts(page).filter({ hasText: text }).first();
  await toast.waitFor();
  return toast;
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
  await toasts(page).first().waitFor({ state: "hidden" });
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
