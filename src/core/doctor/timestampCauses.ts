import type { DoctorCause, Variants } from "./cause";
import { readHeader } from "./mending/signature";
import { signedContent, tolerance } from "./mending/signed";

function* changed(
  text: string,
  forms: readonly (readonly [note: string, form: string | undefined])[],
): Variants<string> {
  for (const [note, value] of forms) if (value !== undefined && value !== text) yield { value, note };
}

const digitsPerSecond = 10;

/** Seconds out of a whole number of milliseconds, microseconds or nanoseconds. */
function shortened(text: string): string | undefined {
  return /^\d+$/.test(text) && [13, 16, 19].includes(text.length) ? text.slice(0, digitsPerSecond) : undefined;
}

function isSeconds(text: string): boolean {
  return /^\d{9,10}$/.test(text);
}

export const timestampUnit: DoctorCause = {
  id: "timestamp.unit",
  *timestamps(text) {
    const seconds = shortened(text);
    yield* changed(text, [
      ["with the timestamp in seconds", seconds],
      ["with the timestamp in milliseconds", isSeconds(text) ? `${text}000` : undefined],
    ]);
  },
  *rareTimestamps(text) {
    if (!isSeconds(text)) return;
    for (let part = 1; part < 1000; part++) {
      yield { value: text + String(part).padStart(3, "0"), note: "with the timestamp in milliseconds" };
    }
  },
  loses: "microseconds, when such a timestamp was signed",
  happened: "The timestamp came into another unit on the way",
  inHandler: "The handler turns the timestamp into another unit before it signs",
  change: "Sign the header's own text, and turn it into a number only to compare it with the clock.",
  mending: signedContent,
};

function seconds(milliseconds: number): string | undefined {
  return Number.isFinite(milliseconds) ? String(Math.floor(milliseconds / 1000)) : undefined;
}

/** Unix milliseconds of a date's text; a text without a zone is taken as UTC. */
function parsedDate(text: string): number {
  if (text.length > 64 || !/\d{4}/.test(text) || !/[-/ ,T]/.test(text)) return NaN;
  const zoned = /(?:Z|GMT|UTC|[+-]\d{2}:?\d{2})$/i.test(text);
  return Date.parse(zoned ? text : `${text.replace(/^(\d{4}-\d\d-\d\d) /, "$1T")}Z`);
}

function firstNumber(text: string): string | undefined {
  return /^\D{0,4}0*(\d{9,16})(?!\d)/.exec(text)?.[1];
}

export const timestampFormat: DoctorCause = {
  id: "timestamp.format",
  *timestamps(raw) {
    const text = raw.slice(0, 200);
    const bare = text.replaceAll(/[\s"'`_]/g, "");
    const date = parsedDate(text.trim().replaceAll(/^["']|["']$/g, ""));
    const number = /^[+-]?\d+(?:\.\d*)?(?:e[+]?\d+)?$/i.test(bare) ? Number(bare) : NaN;
    yield* changed(raw, [
      ["with the timestamp as a whole number", Number.isFinite(number) ? String(Math.trunc(number)) : undefined],
      ["with the timestamp rounded", Number.isFinite(number) ? String(Math.round(number)) : undefined],
      ["with the bare digits of the timestamp", firstNumber(bare)],
      [
        "with the commas of the timestamp removed",
        /^\d{1,3}(?:,\d{3}){3}$/.test(bare) ? bare.replaceAll(",", "") : undefined,
      ],
      ["with the timestamp as Unix seconds", seconds(date)],
      ["with the timestamp as Unix milliseconds", Number.isFinite(date) ? String(date) : undefined],
    ]);
  },
  *handlerTimestamps(text) {
    if (!/^\d{1,16}$/.test(text)) return;
    const value = Number(text);
    const date = new Date(value >= 1e12 ? value : value * 1000);
    if (Number.isNaN(date.getTime())) return;
    const iso = date.toISOString();
    yield* changed(text, [
      ["an ISO 8601 timestamp", iso],
      ["an ISO 8601 timestamp without milliseconds", iso.replace(/\.\d+Z/, "Z")],
      ["an ISO 8601 timestamp with an offset", iso.replace(/\.\d+Z/, "+00:00")],
      ["an ISO 8601 timestamp without a zone", iso.replace(/\.\d+Z/, "")],
      ["a date with a space in its middle", iso.replace("T", " ").replace(/\.\d+Z/, "")],
      ["an HTTP date", date.toUTCString()],
      ["a timestamp with a fraction", `${text}.0`],
      ["a quoted timestamp", `"${text}"`],
      ["the timestamp as a list of one", `["${text}"]`],
      ["the timestamp as Python shows a list of one", `['${text}']`],
      ["the timestamp as Go shows a list of one", `[${text}]`],
    ]);
  },
  loses: "nothing of the seconds, but the zone when a date is written without one",
  happened: "The timestamp came into another form on the way",
  inHandler: "The handler turns the timestamp into another form before it signs",
  change: "Sign the header's own text; it is Unix seconds in decimal digits and nothing else.",
  mending: signedContent,
};

export const timestampMissing: DoctorCause = {
  id: "timestamp.missing",
  loses: "the timestamp, unless the body tells about when it was sent",
  handlerTimestamps: (text) =>
    changed(
      text,
      ["undefined", "null", "None", "", "nil", "NaN", "0"].map((absent) => [
        absent === "" ? "an empty timestamp" : `${absent} in place of the timestamp`,
        absent,
      ]),
    ),
  happened: "The timestamp header was lost on the way",
  inHandler: "The handler does not sign the timestamp header's text",
  change: "Let the proxy pass X-PacSpace-Timestamp on, and read it by exactly that name.",
  mending: readHeader,
};

export const timestampStale: DoctorCause = {
  id: "timestamp.stale",
  happened: "The request is authentic but old",
  change:
    "Check a delivery when it arrives, not after a queue, and keep the clock in step; retry an old one in PacSpace.",
  mending: tolerance,
};

export const timestampFuture: DoctorCause = {
  id: "timestamp.future",
  happened: "The request is authentic but ahead of this clock",
  change: "Set this machine's clock by NTP: it is behind.",
  mending: tolerance,
};
