/** Fields of values from outside, read so that a wrong type is an absent field and nothing throws. */
export type Fields = Readonly<Record<string, unknown>>;

const none: Fields = {};

/** Any value as a record: an object as itself, everything else (arrays too) as an empty one. */
export function recordOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : none;
}

/** A string that is not empty, or a finite number as text; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" && Number.isFinite(value) ? String(value) : undefined;
}

/** A finite number, or a decimal integer as text; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  return typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** A boolean; undefined for anything else. */
export function booleanOf(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

function first<T>(row: Fields, names: readonly string[], read: (value: unknown) => T | undefined): T | undefined {
  for (const name of names) {
    const value = read(row[name]);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The first of the named fields that holds a text, as textOf reads it. */
export function textField(row: Fields, ...names: string[]): string | undefined {
  return first(row, names, textOf);
}

/** The first of the named fields that holds a number, as numberOf reads it. */
export function numberField(row: Fields, ...names: string[]): number | undefined {
  return first(row, names, numberOf);
}

/** The first of the named fields that holds a boolean. */
export function booleanField(row: Fields, ...names: string[]): boolean | undefined {
  return first(row, names, booleanOf);
}

/** The first of the named fields that holds an array. */
export function arrayField(row: Fields, ...names: string[]): readonly unknown[] | undefined {
  return first(row, names, (value) => (Array.isArray(value) ? (value as readonly unknown[]) : undefined));
}
