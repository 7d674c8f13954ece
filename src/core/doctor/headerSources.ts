import type { HeaderList } from "../model/headers";
import { headerValue, signatureHeader, timestampHeader } from "../signature/headers";
import type { Step } from "./cause";
import { readSignatures, type Reading } from "./readings";
import type { TimeState } from "./states";
import { timestampMissing } from "./timestampCauses";

/** Case, `_` and `-` make no difference here. */
function folded(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

const mostNear = 8;

/** Headers that may hold what a missing one held: first those of a near name, then those whose value looks like it. */
function nearHeaders(headers: HeaderList, name: string, looksLike: (text: string) => boolean): HeaderList {
  const wanted = folded(name);
  const others = headers.filter(([other, value]) => other.toLowerCase() !== name.toLowerCase() && value.trim() !== "");
  const near = others.filter(([other]) => folded(other).endsWith(wanted) || folded(other) === folded(`http-${name}`));
  const alike = others.filter((header) => !near.includes(header) && looksLike(header[1]));
  // A header of a hash looks like a signature; one with PacSpace's scheme is likelier to be it.
  const rank = ([, value]: HeaderList[number]): number => (value.includes("v1=") ? 0 : 1);
  return [...near, ...alike.toSorted((left, right) => rank(left) - rank(right))].slice(0, mostNear);
}

/** Where the signature was found. */
export interface SignatureSource {
  readonly text: string;
  readonly readings: readonly Reading[];
  /** The name of the header in place of the missing one. */
  readonly nearName?: string;
}

/** Reads the signature header, or what stands in for a missing one. */
export function signatureSource(headers: HeaderList): SignatureSource {
  const text = headerValue(headers, signatureHeader) ?? "";
  if (text.trim() !== "") return { text, readings: readSignatures(text) };
  const looksLike = (value: string): boolean =>
    value.length < 200 && readSignatures(value).some(({ hex }) => hex.length === 64);
  for (const [name, value] of nearHeaders(headers, signatureHeader, looksLike)) {
    const readings = readSignatures(value);
    if (readings.length > 0) return { text: value, readings, nearName: name };
  }
  return { text: "", readings: [] };
}

/** Words for a missing signature header. */
export function missingSignatureDetail({ nearName }: SignatureSource, matched: boolean): string {
  if (nearName === undefined) return `There is no ${signatureHeader} header, or it is empty.`;
  const proof = matched ? " Its value is genuine: the HMAC matches." : "";
  return `There is no ${signatureHeader} header; ${shown(nearName)} looks like it under another name.${proof}`;
}

function shown(name: string): string {
  return name.length <= 60 ? name : `${name.slice(0, 57)}…`;
}

/** Reads the timestamp header, or what stands in for a missing one; none when there is nothing like it. */
export function timestampSources(headers: HeaderList): readonly TimeState[] {
  const text = headerValue(headers, timestampHeader) ?? "";
  if (text.trim() !== "") return [{ text, steps: [] }];
  const looksLike = (value: string): boolean => /^\s*\d{10}(?:\d{3})?\s*$/.test(value);
  return nearHeaders(headers, timestampHeader, looksLike).map(([name, value]) => {
    const step: Step = { cause: timestampMissing, note: `with the value of ${shown(name)} in its place` };
    return { text: value.trim(), steps: [step] };
  });
}

/** Bytes that the request says its body has; undefined when it says nothing, or says it of packed bytes. */
export function toldLength(headers: HeaderList): number | undefined {
  const encoding = headerValue(headers, "Content-Encoding")?.trim().toLowerCase() ?? "";
  const length = headerValue(headers, "Content-Length")?.trim() ?? "";
  return (encoding === "" || encoding === "identity") && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}
