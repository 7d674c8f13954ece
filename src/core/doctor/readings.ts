import { signatureValues } from "../signature/verify";
import type { DoctorCause, Step } from "./cause";
import {
  signatureCase,
  signatureDecorated,
  signatureEncoding,
  signatureMultiple,
  signaturePrefix,
  signatureTruncated,
} from "./signatureCauses";

/** A digest that a signature's text may stand for. */
export interface Reading {
  /** Lower-case hex: 64 digits, or fewer when the text was cut short. */
  readonly hex: string;
  readonly steps: readonly Step[];
}

const mostParts = 16;
const longestPart = 400;
const fewestDigits = 16;
const digestDigits = 64;
/** Quotes of every sort, brackets, what can't be seen, and escapes that were not read. */
const around = /^(?:b(?=["']))?[\s\p{C}"'`‘’“”«»[\](){}<>\\]+|(?:\\[nrt]|[\s\p{C}"'`‘’“”«»[\](){}<>\\.;])+$/gu;
/** What shows that a text goes on. */
const ellipsis = /(?:\.{3}|…)$/;

interface Digest {
  readonly hex: string;
  readonly cause?: DoctorCause;
  readonly note?: string;
  /** True when the scheme `v1=` was encoded with it. */
  readonly schemed?: true;
}

function hexDigest(text: string): Digest | undefined {
  if (/^[0-9a-f]{64}$/.test(text)) return { hex: text };
  if (/^[0-9a-fA-F]{64}$/.test(text)) {
    return { hex: text.toLowerCase(), cause: signatureCase, note: "read as lower-case hex" };
  }
  if (/^[0-9a-fA-F]+$/.test(text) && text.length >= fewestDigits && text.length < digestDigits) {
    const note = `its ${text.length} of ${digestDigits} hex digits are the beginning of the right value; read so`;
    return { hex: text.toLowerCase(), cause: signatureTruncated, note };
  }
  return undefined;
}

/** A digest of 32 bytes, or its hex text, within an encoding. */
function encodedDigest(text: string): Digest | undefined {
  const encoded = (bytes: Uint8Array, name: string): Digest | undefined => {
    const inner = Buffer.from(bytes).toString("latin1");
    const schemed = inner.startsWith("v1=");
    const digits = schemed ? inner.slice("v1=".length) : inner;
    const hex = bytes.length === 32 ? Buffer.from(bytes).toString("hex") : digits.trim().toLowerCase();
    return /^[0-9a-f]{64}$/.test(hex)
      ? { hex, cause: signatureEncoding, note: `read as ${name} and written in hex`, ...(schemed && { schemed }) }
      : undefined;
  };
  if (/^[0-9a-fA-F]{2}(?:[:\- ][0-9a-fA-F]{2}){31}$/.test(text)) {
    return encoded(Buffer.from(text.replaceAll(/[:\- ]/g, ""), "hex"), "hex pairs with signs between them");
  }
  if (/^[0-9a-fA-F]{128}$/.test(text)) return encoded(Buffer.from(text, "hex"), "hex of the hex digits");
  if (!/^[A-Za-z0-9+/]+={0,2}$|^[A-Za-z0-9_-]+={0,2}$/.test(text)) return undefined;
  return encoded(Buffer.from(text, "base64"), /[-_]/.test(text) ? "base64url" : "base64");
}

function digestOf(text: string): Digest | undefined {
  return hexDigest(text) ?? encodedDigest(text);
}

/** Another scheme, or one too many: a word and a sign, a word and a space, `0x`. */
const otherScheme = /^(?:[\w-]{1,24}\s*(?:[=:,]|%3d|\s)\s*|0x)(?=.)/i;
const mostSchemes = 3;

/** The digest behind a scheme: `v1=`, another one, or none. */
function schemed(text: string): { readonly digest: Digest; readonly prefixed: boolean } | undefined {
  const own = text.startsWith("v1=") ? digestOf(text.slice("v1=".length).trim()) : undefined;
  if (own) return { digest: own, prefixed: true };
  let rest = text;
  for (let count = 0; count <= mostSchemes; count++) {
    const digest = digestOf(rest);
    if (digest) return { digest, prefixed: digest.schemed ?? false };
    rest = rest.replace(otherScheme, "");
  }
  return undefined;
}

function readPart(part: string): Reading | undefined {
  const whole = part.trim().replace(ellipsis, "");
  const bare = whole.replaceAll(around, "").replace(/^v1%3d/i, "v1=");
  const tight = bare.replaceAll(/[\s\p{C}]+/gu, "");
  const found = [schemed(bare), schemed(tight)]
    .filter((reading) => reading !== undefined)
    .toSorted((left, right) => Number(right.prefixed) - Number(left.prefixed))[0];
  if (found === undefined) return undefined;
  const steps: Step[] = [];
  const spaced = /\s/.test(bare.replaceAll(/[0-9a-fA-F]{2} (?=[0-9a-fA-F]{2})/g, "").replace(otherScheme, ""));
  if (bare !== whole || (tight !== bare && (found.prefixed || spaced))) {
    steps.push({ cause: signatureDecorated, note: "with what surrounds it removed" });
  }
  if (!found.prefixed) steps.push({ cause: signaturePrefix, note: "read with v1= before its hex digits" });
  const { cause, note } = found.digest;
  if (cause && note !== undefined) steps.push({ cause, note });
  return { hex: found.digest.hex, steps };
}

/**
 * Reads a signature in every form it may have come to.
 * @param text the header's value, or what a handler computed
 * @returns the digests it may stand for, each with the causes that its form shows; none when there is no digest in it
 */
export function readSignatures(text: string): readonly Reading[] {
  const parts = text
    .split(/,|;(?=.)/, mostParts)
    .map((part) => part.slice(0, longestPart))
    .filter((part) => part.trim() !== "");
  const strict = signatureValues(text);
  const readings: Reading[] = [];
  for (const [index, part] of parts.entries()) {
    const reading = readPart(part);
    if (reading === undefined || readings.some(({ hex }) => hex === reading.hex)) continue;
    const later: Step = {
      cause: signatureMultiple,
      note: `taking number ${index + 1} of the ${parts.length} values`,
    };
    // What reads well here, and still was none of the values to the strict check, has something beside it.
    if (reading.steps.length === 0 && !strict.includes(reading.hex)) {
      readings.push({
        hex: reading.hex,
        steps: [{ cause: signatureDecorated, note: "with what stands beside it removed" }],
      });
      continue;
    }
    readings.push(readings.length === 0 ? reading : { hex: reading.hex, steps: [...reading.steps, later] });
  }
  return readings;
}

/**
 * Finds the reading that a digest proves.
 * @param digest 64 lower-case hex digits
 */
export function provenReading(readings: readonly Reading[], digest: string): Reading | undefined {
  for (const reading of readings) {
    if (reading.hex === digest || (reading.hex.length < digestDigits && digest.startsWith(reading.hex))) return reading;
  }
  return undefined;
}
