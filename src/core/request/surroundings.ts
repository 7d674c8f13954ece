/** Blank lines, comments and the opening of a Markdown block. A root user's prompt before curl is none of these. */
const before = /^(?:[ \t]*(?:\r?\n|(?:#(?!\s*(?:\S{0,60}\/)?curl\s)|\/\/|```)[^\n]*\n))+/;

/** One byte a character, so that places are the same. */
const latin1 = new TextDecoder("latin1");

/** Takes off what people and HTTP files put around a request: comments and blank lines above it, a Markdown block. */
export function withoutSurroundings(bytes: Uint8Array): Uint8Array {
  const lead = before.exec(latin1.decode(bytes.subarray(0, 4_000)))?.[0];
  if (lead === undefined) return bytes;
  const inner = bytes.subarray(lead.length);
  if (!lead.includes("```")) return inner;
  const end = /\r?\n[ \t]*```\s*$/.exec(latin1.decode(inner.subarray(-100)))?.[0];
  return end === undefined ? inner : inner.subarray(0, inner.length - end.length);
}
