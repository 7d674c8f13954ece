const placeholder = /\{\{(?:now|unix|hex:([1-9]\d?))\}\}/g;

/**
 * Puts fresh values in place of a sample's placeholders, each of its own:
 * `{{now}}` the time (ISO 8601), `{{unix}}` the time in seconds, `{{hex:N}}` N hex digits (1 to 99).
 * All else stays as it is: the text is never parsed and printed again.
 * @param text a payload's
 * @param options `now` for all times; `random` gives numbers from 0 up to 1, Math.random by default
 */
export function fillPlaceholders(
  text: string,
  options: { readonly now: Date; readonly random?: () => number },
): string {
  const { now, random = Math.random } = options;
  return text.replaceAll(placeholder, (whole, digits?: string) => {
    if (whole === "{{now}}") return now.toISOString();
    if (whole === "{{unix}}") return String(Math.floor(now.getTime() / 1_000));
    return Array.from({ length: Number(digits) }, () => Math.floor(random() * 16).toString(16)).join("");
  });
}
