import type { Page } from "playwright-core";
import { palette, pick, quickInput } from "./quickInput";

const THEMES = {
  light: { label: "Light Modern", workbenchClass: "vs" },
  dark: { label: "Dark Modern", workbenchClass: "vs-dark" },
  "hc-light": { label: "Light High Contrast", workbenchClass: "hc-light" },
  "hc-dark": { label: "Dark High Contrast", workbenchClass: "hc-black" },
} as const;

/** The colour themes that an extension has to look right in. */
export type Theme = keyof typeof THEMES;

/** Every one of them. */
export const themes = Object.keys(THEMES) as readonly Theme[];

/** Chooses a colour theme, and returns when the window shows it. It stays chosen for the session. */
export async function setTheme(page: Page, theme: Theme): Promise<void> {
  const { label, workbenchClass } = THEMES[theme];
  await palette(page, "Preferences: Color Theme");
  await quickInput(page).getByPlaceholder("Select Color Theme").fill(label);
  await pick(page, label);
  await page.locator(`.monaco-workbench.${workbenchClass}`).waitFor();
  await quickInput(page).waitFor({ state: "hidden" });
}
