/** From here on a number is milliseconds: as seconds it would lie 30,000 years ahead (SDK). */
const leastMilliseconds = 1e12;

/**
 * Reads the timestamp header.
 * @param text the header's value, as sent
 * @returns Unix seconds (with a fraction, when milliseconds were sent); undefined for anything but a decimal integer
 */
export function timestampSeconds(text: string): number | undefined {
  if (!/^-?\d{1,100}$/.test(text)) return undefined;
  const value = Number(text);
  return Math.abs(value) >= leastMilliseconds ? value / 1000 : value;
}

/** A length of time in the unit a person would use. */
export function spokenDuration(seconds: number): string {
  const size = Math.abs(seconds);
  const [unit, length] = (
    [
      ["day", 86_400],
      ["hour", 3_600],
      ["minute", 60],
    ] as const
  ).find(([, length]) => size >= 2 * length) ?? ["second", 1];
  const count = Math.round(size / length);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
