import { html, type TemplateResult } from "lit";

const numbers = new Intl.NumberFormat("en");
const timeFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const zonedFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });

/** A number with its thousands apart. */
export function amount(count: number): string {
  return numbers.format(count);
}

/** A number with its thousands apart, and what it counts. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${amount(count)} ${count === 1 ? one : many}`;
}

/** A length of time as short as it can be told. */
export function duration(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  if (size < 1_000) return `${Math.round(milliseconds)} ms`;
  if (size < 60_000) return `${Number((milliseconds / 1_000).toPrecision(3))} s`;
  const units: readonly (readonly [string, number])[] = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["min", 60_000],
    ["s", 1_000],
  ];
  const largest = units.findIndex(([, length]) => size >= length);
  const [name, length] = units[largest] ?? ["s", 1_000];
  const [lesserName, lesserLength] = units[largest + 1] ?? ["s", 1_000];
  const whole = Math.floor(size / length);
  const rest = Math.floor((size - whole * length) / lesserLength);
  return rest === 0 ? `${whole} ${name}` : `${whole} ${name} ${rest} ${lesserName}`;
}

/** A time in the person's own zone, with what was sent on hover; text that is no time as it stands. */
export function localTime(text: string): TemplateResult {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) return html`<span>${text}</span>`;
  return html`<time datetime=${time.toISOString()} title=${text}>${timeFormat.format(time)}</time>`;
}

/** A time in the person's own zone, and which zone that is. */
export function zonedTime(time: Date): string {
  return zonedFormat.format(time);
}

/** The time that a timestamp header stands for, Unix seconds or milliseconds, as ISO 8601; undefined for none. */
export function timestampTime(text: string): string | undefined {
  if (!/^-?\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  const time = new Date(Math.abs(value) >= 1e12 ? value : value * 1_000);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
