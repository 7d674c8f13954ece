import { ByteWriter, sliceBytes } from "../bytes";
import type { Pace } from "../pace";
import { stringEnd } from "./reprint";

/** A number of a JSON text, as it is written there. */
export interface NumberToken {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const longestNumber = 400;
const numberText = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function startsNumber(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2d;
}

function continuesNumber(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return startsNumber(byte) || byte === 0x2b || byte === 0x2e || byte === 0x45 || byte === 0x65;
}

/**
 * Finds the numbers of a JSON text.
 * @param most how many to find at most
 */
export async function numberTokens(bytes: Uint8Array, most: number, pace: Pace): Promise<readonly NumberToken[]> {
  const tokens: NumberToken[] = [];
  let nextLook = sliceBytes;
  for (let at = 0; at < bytes.length && tokens.length < most;) {
    if (at >= nextLook) {
      nextLook = at + sliceBytes;
      if (pace.due()) await pace.turn();
    }
    const byte = bytes[at] ?? 0;
    if (byte === 0x22) at = stringEnd(bytes, at);
    else if (startsNumber(byte)) {
      let end = at + 1;
      while (continuesNumber(bytes[end])) end++;
      if (end - at <= longestNumber) {
        const text = String.fromCharCode(...bytes.subarray(at, end));
        if (numberText.test(text)) tokens.push({ start: at, end, text });
      }
      at = end;
    } else at++;
  }
  return tokens;
}

/** The text with some of its numbers written anew; undefined keeps one. */
export async function withNumbers(
  bytes: Uint8Array,
  tokens: readonly NumberToken[],
  written: (token: NumberToken, index: number) => string | undefined,
  pace: Pace,
): Promise<Uint8Array | undefined> {
  let out: ByteWriter | undefined;
  let copied = 0;
  for (const [index, token] of tokens.entries()) {
    if (index % 1024 === 0 && pace.due()) await pace.turn();
    const text = written(token, index);
    if (text === undefined || text === token.text) continue;
    out ??= new ByteWriter(bytes.length);
    out.copy(bytes, copied, token.start);
    out.ascii(text);
    copied = token.end;
  }
  if (out === undefined) return undefined;
  out.copy(bytes, copied, bytes.length);
  return out.result();
}

/** How JavaScript prints the number, as JSON.stringify does; undefined beyond a double's range. */
export function asJavaScript(text: string): string | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? JSON.stringify(value) : undefined;
}

/** Python's way: a float stays one, an exponent has two digits. */
export function asPython(text: string): string | undefined {
  if (/^-?\d+$/.test(text)) return text;
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  const printed = Object.is(value, -0) ? "-0" : String(value);
  return /^-?\d+$/.test(printed) ? `${printed}.0` : printed;
}

/** The text without an exponent; undefined where there is none, or it is beyond 25 digits. */
function withoutExponent(text: string): string | undefined {
  const parts = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d+)$/.exec(text);
  if (!parts) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = parts;
  const power = Number(exponent);
  if (Math.abs(power) > 25 || whole.length + fraction.length > 40) return undefined;
  const digits = whole + fraction;
  const point = whole.length + power;
  const padded = point <= 0 ? "0".repeat(1 - point) + digits : digits.padEnd(point, "0");
  const place = Math.max(point, 1);
  const tail = padded.slice(place).replace(/0+$/, "");
  const head = padded.slice(0, place).replace(/^0+(?=\d)/, "");
  return `${sign}${head}${tail === "" ? "" : `.${tail}`}`;
}

/** The forms with an exponent that a whole number with zeros at its end may have had. */
function withExponent(text: string): readonly string[] {
  const parts = /^(-?\d)(\d*?)(0+)$/.exec(text);
  if (!parts || text === "0") return [];
  const [, first = "", rest = "", zeros = ""] = parts;
  const scientific = rest === "" ? first : `${first}.${rest}`;
  const power = rest.length + zeros.length;
  const mantissas = rest === "" ? [first, `${first}.0`] : [scientific];
  const kept = rest === "" ? [] : [`${first}${rest}e${zeros.length}`];
  return [
    ...mantissas.flatMap((mantissa) => [
      `${mantissa}e${power}`,
      `${mantissa}E${power}`,
      `${mantissa}e+${power}`,
      `${mantissa}E+${power}`,
    ]),
    ...kept,
  ];
}

/**
 * Other ways to write the same number, the likeliest first. Exact: no digit that counts is lost or won.
 * @param text a JSON number
 */
export function otherForms(text: string): readonly string[] {
  const forms: string[] = [];
  const exponentless = withoutExponent(text);
  if (/^-?\d+$/.test(text)) forms.push(`${text}.0`, ...withExponent(text), `${text}.00`);
  else if (/^-?\d+\.\d+$/.test(text)) {
    const stripped = text.replace(/\.?0+$/, "");
    if (stripped !== text) forms.push(stripped);
    if (/\.\d$/.test(text) || /\.00+$/.test(text)) forms.push(text.replace(/(\.\d)0*$/, "$1"), `${text}0`);
  }
  if (exponentless !== undefined) {
    forms.push(exponentless, exponentless.includes(".") ? exponentless : `${exponentless}.0`);
    const [mantissa = "", exponent = ""] = text.toLowerCase().split("e");
    const bare = exponent.replace(/^\+/, "");
    for (const letter of ["e", "E"]) {
      forms.push(`${mantissa}${letter}${bare}`);
      if (!bare.startsWith("-")) forms.push(`${mantissa}${letter}+${bare}`);
    }
  }
  if (/^-0(?:\.0+)?$/.test(text)) forms.push("0", "0.0", "-0", "-0.0");
  if (text === "0" || text === "0.0") forms.push("-0", "-0.0");
  const printed = asJavaScript(text);
  // Only where the double holds the number exactly as written: a rounded one is not the same number.
  if (printed !== undefined && asJavaScript(printed) === printed && digitsOf(printed) === digitsOf(text)) {
    forms.push(printed);
    const python = asPython(text);
    if (python !== undefined) forms.push(python);
  }
  return [...new Set(forms)].filter((form) => form !== text);
}

function digitsOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/e.*$/, "")
    .replace(/[-.]/g, "")
    .replace(/^0+|0+$/g, "");
}

const mostNeighbours = 4096;

/**
 * The whole numbers that a double shows as the given one: what may have stood there before a parser rounded it.
 * @returns none for a number that a double holds exactly, or that stands for more than 4096 others
 */
export function roundedFrom(text: string): readonly string[] {
  const value = Number(text);
  if (!Number.isInteger(value) || Math.abs(value) < Number.MAX_SAFE_INTEGER || Math.abs(value) > 1e30) return [];
  const centre = BigInt(value);
  let reach = 1n;
  while (Number(centre + reach) === value && reach <= mostNeighbours) reach *= 2n;
  if (reach > mostNeighbours) return [];
  const found: string[] = [];
  for (let distance = -reach; distance <= reach; distance++) {
    const candidate = centre + distance;
    if (Number(candidate) === value) found.push(String(candidate));
  }
  return found.filter((candidate) => candidate !== text);
}
