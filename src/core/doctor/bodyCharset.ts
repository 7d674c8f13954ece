import { sliceBytes, utf8, utf8Text } from "./bytes";
import type { DoctorCause, SlowBodyVariants } from "./cause";
import { rawBody } from "./mending/rawBody";
import type { Pace } from "./pace";

/** Windows-1252 where it differs from Latin-1: the characters of 0x80 to 0x9f. The five gaps stay controls. */
const windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";
const byteOfWindows = new Map(Array.from(windows1252).map((char, index) => [char.charCodeAt(0), 0x80 + index]));

/** The bytes whose single-byte reading is a text; undefined when one of its characters has none. */
async function singleBytes(text: string, pace: Pace, windows: boolean): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    if (at % sliceBytes === 0 && pace.due()) await pace.turn();
    const code = text.charCodeAt(at);
    const byte = windows ? (byteOfWindows.get(code) ?? code) : code;
    if (byte > 0xff) return undefined;
    bytes[at] = byte;
  }
  return bytes;
}

async function asWindowsText(bytes: Uint8Array, pace: Pace): Promise<string> {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += sliceBytes) {
    if (pace.due()) await pace.turn();
    const part = Buffer.from(bytes.subarray(at, at + sliceBytes)).toString("latin1");
    parts.push(part.replace(/[\u0080-\u009f]/g, (char) => windows1252.charAt(char.charCodeAt(0) - 0x80)));
  }
  return parts.join("");
}

async function hasOther(bytes: Uint8Array, pace: Pace): Promise<boolean> {
  for (let at = 0; at < bytes.length; at++) {
    if (at % sliceBytes === 0 && pace.due()) await pace.turn();
    if ((bytes[at] ?? 0) >= 0x80) return true;
  }
  return false;
}

/** A body that is UTF-16: by its mark, or by the zero in every other byte of its beginning. */
function utf16Text(body: Uint8Array): string | undefined {
  if (body.length < 2 || body.length % 2 === 1) return undefined;
  const [first = 0, second = 0] = body;
  const marked = first * 256 + second;
  const bigEndian = marked === 0xfeff || (first === 0 && second !== 0);
  if (marked !== 0xfffe && !bigEndian && second !== 0) return undefined;
  const bytes = Buffer.from(body);
  return (bigEndian ? bytes.swap16() : bytes).toString("utf16le").replace(/^\ufeff/, "");
}

async function* decodedBodies(body: Uint8Array, pace: Pace): SlowBodyVariants {
  const wide = utf16Text(body);
  if (wide !== undefined) yield { value: utf8(wide), note: "as UTF-8 in place of UTF-16", settles: true };
  if (!(await hasOther(body, pace))) return;
  const text = utf8Text(body);
  if (text !== undefined) {
    const latin = await singleBytes(text, pace, false);
    if (latin) yield { value: latin, note: "without a second encoding of what was read as Latin-1" };
    const windows = await singleBytes(text, pace, true);
    if (windows) yield { value: windows, note: "without a second encoding of what was read as Windows-1252" };
  } else {
    yield { value: utf8(Buffer.from(body).toString("latin1")), note: "as UTF-8 in place of Latin-1" };
    yield { value: utf8(await asWindowsText(body, pace)), note: "as UTF-8 in place of Windows-1252" };
  }
}

/** Beyond this size a text with a number per byte would be too much to make by the way. */
const mostSpelledOut = 200_000;
/** Beyond this size texts are not made of the body as a whole: it would block the thread. */
const mostRead = 2_000_000;

function pythonBytes(body: Uint8Array): string {
  const quote = body.includes(0x27) && !body.includes(0x22) ? '"' : "'";
  const written = Array.from(body, (byte) => {
    if (byte === 0x5c || byte === quote.charCodeAt(0)) return `\\${String.fromCharCode(byte)}`;
    if (byte === 0x0a) return "\\n";
    if (byte === 0x0d) return "\\r";
    if (byte === 0x09) return "\\t";
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  return `b${quote}${written.join("")}${quote}`;
}

/** What becomes of bytes that are put into a text before they are there, or as what holds them. */
const textsOfBytes: readonly (readonly [text: string, whose: string])[] = [
  ["[object Promise]", "a promise that was not awaited"],
  ["[object ArrayBuffer]", "an ArrayBuffer"],
  ["[object ReadableStream]", "a stream that was not read"],
  ["System.Byte[]", "a byte array"],
];

async function* readInHandler(body: Uint8Array, pace: Pace): SlowBodyVariants {
  for (const [text, whose] of textsOfBytes) yield { value: utf8(text), note: `the text "${text}" of ${whose}` };
  if (body.length > mostRead) return;
  const bytes = Buffer.from(body);
  if (await hasOther(body, pace)) {
    yield { value: utf8(bytes.toString("latin1")), note: "read as Latin-1" };
    yield { value: utf8(await asWindowsText(body, pace)), note: "read as Windows-1252" };
    yield { value: utf8(bytes.toString("ascii")), note: "read as ASCII" };
    yield { value: utf8(bytes.toString("utf8")), note: "with � in place of what is no UTF-8" };
    yield { value: Buffer.from(bytes.toString("utf8"), "latin1"), note: "written as Latin-1" };
    const text = bytes.toString("utf8");
    yield { value: utf8(text.replace(/\P{ASCII}/gu, "?")), note: "with ? in place of what is not ASCII" };
    yield { value: utf8(text.replace(/\P{ASCII}/gu, "")), note: "without what is not ASCII" };
  }
  yield { value: Buffer.from(bytes.toString("utf8"), "utf16le"), note: "as UTF-16" };
  if (body.length > mostSpelledOut) return;
  yield { value: utf8(pythonBytes(body)), note: "as Python shows bytes (b'…')" };
  yield { value: utf8(body.join(",")), note: "as a list of byte values" };
  yield { value: utf8(`[${body.join(" ")}]`), note: "as Go shows bytes ([123 34 …])" };
}

/** What is not ASCII, and what may stand in its place. */
const foreign = /(?:\P{ASCII}|\?)+/gu;

/** Whether a run of characters is what another one became: what is not there any more became � or ?. */
function becameOf(received: string, stored: string): boolean {
  if (received === stored) return true;
  const kept = Array.from(received.replaceAll(/[\ufffd?]/gu, ""));
  const lost = /\P{ASCII}/u.test(stored) && /[\ufffd?]/u.test(received);
  let at = 0;
  return lost && kept.every((char) => (at = stored.indexOf(char, at) + 1) > 0);
}

/** Whether characters that became � or ? are all the difference. */
function hasLostCharacters(received: Uint8Array, stored: Uint8Array): boolean {
  const [left, right] = [received, stored].map((bytes) => Buffer.from(bytes).toString("utf8")) as [string, string];
  const [leftRuns, rightRuns] = [left.match(foreign) ?? [], right.match(foreign) ?? []];
  return (
    leftRuns.length === rightRuns.length &&
    left.replaceAll(foreign, "\0") === right.replaceAll(foreign, "\0") &&
    leftRuns.every((run, index) => becameOf(run, rightRuns[index] ?? ""))
  );
}

export const charset: DoctorCause = {
  id: "body.charset",
  loses: "characters that became � or ?",
  bodies: decodedBodies,
  handlerBodies: readInHandler,
  suspect: ({ body }) =>
    Promise.resolve(
      Buffer.from(body).includes("\ufffd")
        ? {
            certainty: "likely",
            detail: "The body holds � (U+FFFD): characters were lost when it was read in another character set.",
          }
        : undefined,
    ),
  levelling: {
    note: "with the stored body's characters in place of those that were lost",
    equalBut: hasLostCharacters,
  },
  happened: "The body was read or written in another character set on the way",
  inHandler: "The handler turns the body's bytes into another text before it signs",
  change: "Sign the bytes themselves. Where a text is needed, decode and encode it as UTF-8 on both sides.",
  mending: rawBody,
};
