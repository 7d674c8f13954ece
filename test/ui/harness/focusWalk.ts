import assert from "node:assert/strict";
import type { Frame, Page } from "playwright-core";

/** Where the focus is in a frame, and how what has it looks: its parts' outlines, borders and shadows. */
interface Focused {
  /** What it is called; empty where nothing in the frame has the focus. */
  readonly name: string;
  readonly look: string;
}

// Shadow roots have focused elements of their own. What draws the focus may be a part beside the one that has it.
const inFrame = `
  window.lookOf ??= (element) =>
    [element, ...(element.shadowRoot?.querySelectorAll("*") ?? [])]
      .map((part) => {
        const { outlineStyle, outlineWidth, outlineColor, borderStyle, borderWidth, borderColor, boxShadow } = getComputedStyle(part);
        const outline = outlineStyle === "none" ? "" : outlineWidth + outlineColor;
        const border = borderStyle === "none" ? "" : borderWidth + borderColor;
        return [outline, border, boxShadow].join();
      })
      .join("|");
  window.nameOf ??= (element) => {
    const label = element.labels?.[0] ?? document.querySelector('label[for="' + element.id + '"]');
    return (element.getAttribute("aria-label") ?? label?.textContent ?? element.textContent).trim().replace(/\\s+/g, " ");
  };
`;

/** Goes through a webview by keys alone, and looks at each stop whether it can be seen where the focus is. */
export class FocusWalk {
  /** What had the focus, in order. */
  readonly stops: string[] = [];
  #before: Focused = { name: "", look: "" };

  constructor(
    private readonly page: Page,
    private readonly frame: Frame,
  ) {}

  /**
   * Presses a key that moves the focus.
   * @returns what has it now
   * @throws {Error} when what had it before looks the same without it
   */
  async press(key: "Tab" | "Shift+Tab"): Promise<string> {
    await this.page.keyboard.press(key);
    const { left, now } = await this.frame.evaluate<{ left?: string; now: Focused }>(`(() => {
      ${inFrame}
      const element = document.activeElement;
      const left = window.stop?.isConnected ? lookOf(window.stop) : undefined;
      const isSame = window.stop === element;
      window.stop = element === document.body ? undefined : element;
      const now = window.stop === undefined ? { name: "", look: "" } : { name: nameOf(element), look: lookOf(element) };
      return { left: isSame ? undefined : left, now };
    })()`);
    if (left !== undefined)
      assert.notEqual(this.#before.look, left, `"${this.#before.name}" shows that it has the focus`);
    this.#before = now;
    this.stops.push(now.name);
    return now.name;
  }

  /**
   * Presses a key until something has the focus.
   * @throws {Error} when it does not come up
   */
  async to(name: string, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
    const begun = this.stops.length;
    while ((await this.press(key)) !== name) {
      assert.ok(
        this.stops.length < begun + 60,
        `by ${key} there is no "${name}" after ${this.stops.slice(begun).join(", ")}`,
      );
    }
  }
}
