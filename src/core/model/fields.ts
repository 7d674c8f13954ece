/** Fields of values from outside, read so that a wrong type is an absent field and nothing throws. */
export type Fields = Readonly<Record<string, unknown>>;

const none: Fields = {};

/** Any value as a record: an object as itself, everything else (arrays too) as an empty one. */
export function recordOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : none;
}

/** The first of the named own fields, as a function of its value, that is not undefined. */
function first<T>(row: Fields, names: readonly string[], read: (value: unknown) => T | undefined): T | undefined {
  for (const name of names) {
    const value = Object.hasOwn(row, name) ? read(row[name]) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The first of the named fields that holds a string that is not empty, or a finite number as text. */
export function textField(row: Fields, ...names: string[]): string | undefined {
  return first(row, names, (value) =>
    typeof value === "string" && value !== ""
      ? value
      : typeof value === "number" && Number.isFinite(value)
        ? String(value)
        : undefined,
  );
}

/** The first of the named fields that holds a finite number, or a decimal integer as text. */
export function numberField(row: Fields, ...names: string[]): number | undefined {
  return first(row, names, (value) =>
    typeof value === "number" && Number.isFinite(value)
      ? value
      : typeof value === "string" && /^-?\d{1,15}$/.test(value)
        ? Number(value)
        : undefined,
  );
}

/** The first of the named fields that holds a boolean. */
export function booleanField(row: Fields, ...names: string[]): boolean | undefined {
  return first(row, names, (value) => (typeof value === "boolean" ? value : undefined));
}

/** The first of the named fields that holds an array. */
export function arrayField(row: Fields, ...names: string[]): readonly unknown[] | undefined {
  return first(row, names, (value) => (Array.isArray(value) ? (value as readonly unknown[]) : undefined));
}
