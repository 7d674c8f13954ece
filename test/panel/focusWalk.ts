import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/** What has the focus, and how its parts' outlines, borders and shadows look. */
interface Focused {
  /** What it is called; undefined where nothing in the page has the focus. */
  readonly name: string | undefined;
  readonly look: string;
}

// Shadow roots have focused elements of their own. What draws the focus may be a part beside the one that has it.
const inPage = `
  window.lookOf ??= (element) =>
    [element, ...(element.shadowRoot?.querySelectorAll("*") ?? []), ...element.querySelectorAll("*")]
      .map((part) => {
        const { outlineStyle, outlineWidth, outlineColor, borderStyle, borderWidth, borderColor, boxShadow } = getComputedStyle(part);
        const outline = outlineStyle === "none" ? "" : outlineWidth + outlineColor;
        const border = borderStyle === "none" ? "" : borderWidth + borderColor;
        return [outline, border, boxShadow].join();
      })
      .join("|");
  window.nameOf ??= (element) => {
    const inner = element.shadowRoot?.activeElement;
    if (inner?.ariaLabel) return inner.ariaLabel;
    const label = element.labels?.[0] ?? document.querySelector('label[for="' + element.id + '"]');
    const labelledBy = document.getElementById(element.getAttribute("aria-labelledby"));
    const words = element.getAttribute("aria-label") ?? (label ?? labelledBy ?? element).textContent;
    return words.trim().replace(/\\s+/g, " ");
  };
`;

/** Goes through a page by keys alone, and looks at each stop whether it can be seen where the focus is. */
export class FocusWalk {
  /** What had the focus, in order. */
  readonly stops: string[] = [];
  #before: Focused = { name: undefined, look: "" };

  constructor(private readonly page: Page) {}

  /**
   * Presses a key that moves the focus.
   * @returns what has it now; undefined when it has left the page
   * @throws {Error} when what has it has no name, or when what had it before looks the same without it
   */
  async press(key: "Tab" | "Shift+Tab"): Promise<string | undefined> {
    await this.page.keyboard.press(key);
    const { left, now, html } = await this.page.evaluate<{ left?: string; now: Focused; html: string }>(`(() => {
      ${inPage}
      const element = document.activeElement;
      const left = window.stop?.isConnected ? lookOf(window.stop) : undefined;
      const isSame = window.stop === element;
      window.stop = element === document.body ? undefined : element;
      const now = window.stop === undefined ? { look: "" } : { name: nameOf(element), look: lookOf(element) };
      return { left: isSame ? undefined : left, now, html: element.outerHTML.slice(0, 200) };
    })()`);
    if (left !== undefined)
      assert.notEqual(this.#before.look, left, `"${this.#before.name}" shows that it has the focus`);
    assert.notEqual(now.name, "", `${html} has a name`);
    this.#before = now;
    if (now.name !== undefined) this.stops.push(now.name);
    return now.name;
  }

  /**
   * Presses a key until something has the focus.
   * @throws {Error} when it does not come up before the focus leaves the page
   */
  async to(name: string, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
    const begun = this.stops.length;
    for (let stop = await this.press(key); stop !== name; stop = await this.press(key)) {
      assert.ok(stop, `by ${key} there is no "${name}" after ${this.stops.slice(begun).join(", ")}`);
    }
  }

  /** Goes on until the focus has left the page. Throws as `press`, and when it goes round and round. */
  async through(): Promise<readonly string[]> {
    while (await this.press("Tab")) assert.ok(this.stops.length < 100, `a trap: ${this.stops.join(", ")}`);
    return this.stops;
  }
}
