import type { DoctorCause, SlowBodyVariants } from "./cause";
import { editEscapes, isEscapedSlash, isSurrogate, unicodeEscape, type EscapeEdit } from "./json/escapes";
import { rawBody } from "./mending/rawBody";
import type { Pace } from "./pace";

type Edits = readonly (readonly [note: string, edit: EscapeEdit, settles?: true])[];

async function* edited(body: Uint8Array, pace: Pace, edits: Edits): SlowBodyVariants {
  for (const [note, edit, settles] of edits) {
    const value = await editEscapes(body, edit, pace);
    if (value) yield { value, note, ...(settles && { settles }) };
  }
}

const slashEdits = [
  ["with plain slashes", { escape: (escape) => (isEscapedSlash(escape) ? "/" : undefined) }, true],
  ["with every slash escaped", { plainAscii: "/", plain: () => "\\/" }],
  [
    "with the slashes behind < escaped",
    { plainAscii: "/", plain: (_, previous) => (previous === 0x3c ? "\\/" : undefined) },
  ],
] as const satisfies Edits;

export const slashEscapes: DoctorCause = {
  id: "body.slashEscapes",
  loses: "which slashes were escaped, when only some were",
  bodies: (body, pace) => edited(body, pace, slashEdits),
  levelling: {
    note: "with its slashes written as in the stored body",
    level: (body, pace) => editEscapes(body, { escape: (escape) => (escape === "\\/" ? "/" : undefined) }, pace),
  },
  happened: "Slashes were escaped or unescaped when the body was printed again",
  inHandler: "The handler prints the body again with its slashes escaped or unescaped",
  change: "Check the raw bytes; a JSON printer such as PHP's json_encode writes / as \\/ unless told otherwise.",
  mending: rawBody,
};

const htmlCharacters = "<>&'=+`\"";

/** The sets that printers escape, so that JSON can stand in HTML: Go and Rails, PHP, Gson, .NET, templates. */
const htmlSets = ["<>&", "<>&'", "<", "<>&'=", "<>&'\"", "<>&'\"+`"] as const;

function isHtml(code: number): boolean {
  return code < 0x80 && htmlCharacters.includes(String.fromCharCode(code));
}

function isLong(escape: string): boolean {
  return escape.length > 2;
}

/** Escapes the characters of a set; those that the body does not hold make no difference. */
function escapeSet(set: string, upperCase: boolean): EscapeEdit {
  const plain = (code: number): string => unicodeEscape(code, upperCase);
  if (!set.includes('"')) return { plainAscii: set, plain };
  return { plainAscii: set.replace('"', ""), plain, escape: (escape) => (escape === '\\"' ? plain(0x22) : undefined) };
}

async function* htmlBodies(body: Uint8Array, pace: Pace): SlowBodyVariants {
  yield* edited(body, pace, plainHtmlEdits);
  const present = htmlSets.map((set) =>
    Array.from(set)
      .filter((char) => body.includes(char.charCodeAt(0)))
      .join(""),
  );
  const distinct = htmlSets.filter(
    (_, index) => present[index] !== "" && present.indexOf(present[index] ?? "") === index,
  );
  for (const set of distinct) {
    const named = `with ${Array.from(set).join(" ")} as`;
    yield* edited(body, pace, [
      [`${named} lower-case \\u escapes`, escapeSet(set, false)],
      [`${named} upper-case \\u escapes`, escapeSet(set, true)],
    ]);
  }
}

const plainHtmlEdits: Edits = [
  [
    "with < > & and their like as plain characters",
    {
      escape: (escape, code) =>
        isLong(escape) && isHtml(code) ? (code === 0x22 ? '\\"' : String.fromCharCode(code)) : undefined,
    },
    true,
  ],
  ...[false, true].map((upperCase): readonly [string, EscapeEdit] => [
    `with the digits of its HTML-safe escapes in ${upperCase ? "upper" : "lower"} case`,
    { escape: (escape, code) => recased(escape, code, upperCase, isHtml(code)) },
  ]),
];

function recased(escape: string, code: number, upperCase: boolean, applies: boolean): string | undefined {
  if (!applies || !isLong(escape)) return undefined;
  const written = unicodeEscape(code, upperCase);
  return written === escape ? undefined : written;
}

/** Any escape of an ASCII character that can stand as it is. */
function plainAscii(escape: string, code: number): string | undefined {
  if (!isLong(escape) || code < 0x20 || code >= 0x7f || code === 0x5c) return undefined;
  return code === 0x22 ? '\\"' : String.fromCharCode(code);
}

export const htmlEscapes: DoctorCause = {
  id: "body.htmlEscapes",
  loses: "which of < > & ' were escaped, when only some were",
  bodies: htmlBodies,
  levelling: {
    note: "with < > & and their like written as in the stored body",
    level: (body, pace) => editEscapes(body, { escape: plainAscii }, pace),
  },
  happened: "Characters such as < > & were escaped for HTML, or unescaped, when the body was printed again",
  inHandler: "The handler prints the body again with < > & escaped for HTML, or unescaped",
  change: "Check the raw bytes; printers that are safe for HTML (Go, Rails, Gson, .NET) write < as \\u003c.",
  mending: rawBody,
};

function isOther(code: number): boolean {
  return code >= 0x80;
}

const shortNames: ReadonlyMap<number, string> = new Map([
  [8, "\\b"],
  [9, "\\t"],
  [10, "\\n"],
  [12, "\\f"],
  [13, "\\r"],
]);

const unicodeEdits: Edits = [
  [
    "with its \\u escapes as plain characters",
    { escape: (escape, code) => (isLong(escape) && isOther(code) && !isSurrogate(code) ? code : undefined) },
    true,
  ],
  ...[false, true].map((upperCase): readonly [string, EscapeEdit] => [
    `with ${upperCase ? "upper-case" : "lower-case"} \\u escapes for all that is not ASCII`,
    { plainOther: true, plain: (code) => unicodeEscape(code, upperCase) },
  ]),
  ...[false, true].map((upperCase): readonly [string, EscapeEdit] => [
    `with the digits of its \\u escapes in ${upperCase ? "upper" : "lower"} case`,
    { escape: (escape, code) => recased(escape, code, upperCase, !isHtml(code)) },
  ]),
  [
    "with the line separators U+2028 and U+2029 escaped",
    {
      plainOther: true,
      plain: (code) => (code === 0x2028 || code === 0x2029 ? unicodeEscape(code, false) : undefined),
    },
  ],
  [
    "with short escapes for control characters",
    { escape: (escape, code) => (isLong(escape) ? shortNames.get(code) : undefined) },
  ],
  [
    "with \\u escapes for control characters",
    { escape: (escape, code) => (!isLong(escape) && shortNames.has(code) ? unicodeEscape(code, false) : undefined) },
  ],
];

/** Characters in place of all escapes that have one; the digits of the others in lower case. */
function plainOther(escape: string, code: number): string | number | undefined {
  if (isOther(code) && !isSurrogate(code)) return code;
  return isLong(escape) ? escape.toLowerCase() : undefined;
}

export const unicodeEscapes: DoctorCause = {
  id: "body.unicodeEscapes",
  loses: "which characters were escaped, when only some were",
  bodies: (body, pace) => edited(body, pace, unicodeEdits),
  levelling: {
    note: "with its escapes written as in the stored body",
    level: (body, pace) => editEscapes(body, { escape: plainOther }, pace),
  },
  happened: "Characters outside ASCII were escaped, or escapes became characters, when the body was printed again",
  inHandler: "The handler prints the body again with characters outside ASCII escaped, or unescaped",
  change: "Check the raw bytes; Python's json.dumps and PHP's json_encode escape é as \\u00e9 unless told otherwise.",
  mending: rawBody,
};
