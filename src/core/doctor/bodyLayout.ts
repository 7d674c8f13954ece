import { ByteWriter, sliceBytes } from "./bytes";
import type { BodyVariants, DoctorCause } from "./cause";
import { valueSpan } from "./json/reprint";
import { keepBytes, rawBody } from "./mending/rawBody";
import type { Pace } from "./pace";

const [lineFeed, carriageReturn] = [0x0a, 0x0d];

function joined(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (part instanceof Uint8Array ? part : Uint8Array.from(part))));
}

async function withLineFeeds(body: Uint8Array, pace: Pace): Promise<Uint8Array> {
  const out = new ByteWriter(body.length);
  let copied = 0;
  for (let at = body.indexOf(carriageReturn); at >= 0; at = body.indexOf(carriageReturn, at + 1)) {
    if (body[at + 1] !== lineFeed) continue;
    out.copy(body, copied, at);
    copied = at + 1;
    if (pace.due()) await pace.turn();
  }
  out.copy(body, copied, body.length);
  return out.result();
}

async function withCarriageReturns(body: Uint8Array, pace: Pace): Promise<Uint8Array> {
  const out = new ByteWriter(body.length + sliceBytes);
  let copied = 0;
  for (let at = body.indexOf(lineFeed); at >= 0; at = body.indexOf(lineFeed, at + 1)) {
    if (body[at - 1] === carriageReturn) continue;
    out.copy(body, copied, at);
    out.byte(carriageReturn);
    copied = at;
    if (pace.due()) await pace.turn();
  }
  out.copy(body, copied, body.length);
  return out.result();
}

function isBlank(byte: number): boolean {
  return byte === lineFeed || byte === carriageReturn || byte === 0x09;
}

export const lineEndings: DoctorCause = {
  id: "body.lineEndings",
  loses: "which lines ended in CRLF, when they were mixed",
  async *bodies(body, pace) {
    // In what is packed, even between spaces, these bytes are no line endings.
    const settles = body.subarray(0, 64).every((byte) => byte >= 0x20 || isBlank(byte));
    const value = await withLineFeeds(body, pace);
    yield { value, note: "with LF in place of CRLF", ...(settles && { settles }) };
    yield { value: await withCarriageReturns(body, pace), note: "with CRLF in place of LF" };
  },
  happened: "The line endings of the body were changed on the way",
  inHandler: "The handler changes the line endings of the body before it signs",
  change: "Treat the body as bytes: no text mode, no editor and no normalising of line endings in between.",
  mending: rawBody,
};

function* newlineVariants(body: Uint8Array): BodyVariants {
  if (body.at(-1) === lineFeed) {
    const end = body.length - (body.at(-2) === carriageReturn ? 2 : 1);
    yield { value: body.subarray(0, end), note: "without the final newline", settles: true };
    let bare = end;
    while (bare > 0 && (body[bare - 1] === lineFeed || body[bare - 1] === carriageReturn)) bare--;
    yield { value: body.subarray(0, bare), note: "without the final newlines" };
  }
  yield { value: joined(body, [lineFeed]), note: "with a final newline" };
  yield { value: joined(body, [carriageReturn, lineFeed]), note: "with a final CRLF" };
}

export const trailingNewline: DoctorCause = {
  id: "body.trailingNewline",
  bodies: newlineVariants,
  happened: "A final newline was added to the body or lost from it",
  inHandler: "The handler signs the body with a final newline added or lost",
  change: "Sign exactly the bytes that arrived: nothing may trim them, end them with a newline, or print them by echo.",
  mending: rawBody,
};

function* whitespaceVariants(body: Uint8Array): BodyVariants {
  const { start, end } = valueSpan(body);
  const from = body[0] === 0xef ? 0 : start;
  yield { value: body.subarray(from, end), note: "without the white space around it", settles: true };
  yield { value: body.subarray(0, end), note: "without the white space at its end" };
  yield { value: body.subarray(from), note: "without the white space at its beginning" };
  let filled = body.length;
  while (filled > 0 && body[filled - 1] === 0) filled--;
  yield { value: body.subarray(0, filled), note: "without the NUL bytes at its end" };
  yield { value: joined(body, [0x20]), note: "with a space at its end" };
  yield { value: joined([0x20], body), note: "with a space at its beginning" };
  yield { value: joined([0x20], body, [0x20]), note: "with a space on both sides" };
}

export const whitespace: DoctorCause = {
  id: "body.whitespace",
  loses: "how much white space was trimmed, beyond one space or newline",
  bodies: whitespaceVariants,
  happened: "The body was trimmed or padded on the way",
  inHandler: "The handler trims or pads the body before it signs",
  change: "Sign exactly the bytes that arrived: no trim, no strip, no padding.",
  mending: rawBody,
};

const mark = [0xef, 0xbb, 0xbf];

function* markVariants(body: Uint8Array): BodyVariants {
  if (mark.every((byte, index) => body[index] === byte)) {
    yield { value: body.subarray(3), note: "without the byte-order mark", settles: true };
  } else yield { value: joined(mark, body), note: "with a byte-order mark" };
}

export const byteOrderMark: DoctorCause = {
  id: "body.bom",
  bodies: markVariants,
  happened: "A byte-order mark was added to the body or lost from it",
  inHandler: "The handler signs the body with a byte-order mark added or lost",
  change: "Keep the body as bytes: saving it as “UTF-8 with BOM”, or a decoder that drops the mark, changes them.",
  mending: keepBytes,
};
