import type { Frame, Page } from "playwright-core";
import { until } from "./until";

async function isShownAs(frame: Frame, title: string): Promise<boolean> {
  try {
    const element = await frame.frameElement();
    const [id, name] = [await element.getAttribute("id"), await element.getAttribute("title")];
    // VS Code loads new content into a frame that is still "pending", and lays hidden panels aside.
    return id === "active-frame" && name === title && (await element.isVisible());
  } catch {
    return false; // gone while it was looked at
  }
}

/**
 * Finds what a webview shows. After a reload of the window or of its HTML, it must be found anew.
 * @param title the panel's or the webview view's
 */
export async function webview(page: Page, title: string): Promise<Frame> {
  let found: Frame | undefined;
  await until(`a webview "${title}" is shown`, async () => {
    for (const frame of page.frames()) {
      if (frame.parentFrame() && (await isShownAs(frame, title))) found = frame;
    }
    return found !== undefined;
  });
  if (!found) throw new Error(`There is no webview "${title}".`);
  await found.waitForLoadState("domcontentloaded");
  return found;
}
