import { createHash } from "node:crypto";
import { utf8Text } from "./bytes";
import type { DoctorCause, KeyMaterial, Variant, Variants } from "./cause";
import { wholeSecret } from "./mending/secret";

/** How a webhook's secret begins (reference page, create a webhook). */
export const secretPrefix = "whsec_";
/** The variable that PacSpace's examples keep it in. */
export const variableName = "PACSPACE_WEBHOOK_SECRET";

function* changed(
  key: string,
  forms: readonly (readonly [note: string, form: KeyMaterial | undefined])[],
): Variants<KeyMaterial> {
  for (const [note, value] of forms) {
    if (value !== undefined && value.length > 0 && value !== key) yield { value, note };
  }
}

export const otherWebhook: DoctorCause = {
  id: "secret.otherWebhook",
  happened: "It was signed for another webhook",
  inHandler: "The handler uses the secret of another webhook",
  change: "Give each endpoint the secret of its own webhook; environments have webhooks of their own too.",
  mending: wholeSecret,
};

export const previousSecret: DoctorCause = {
  id: "secret.previous",
  happened: "It was signed with an earlier secret, from before a rotation",
  inHandler: "The handler still uses an earlier secret, from before a rotation",
  change: "Store the current secret; keep the earlier one beside it while both are in use.",
  mending: wholeSecret,
};

export const secretWhitespace: DoctorCause = {
  id: "secret.whitespace",
  keys: (key) =>
    changed(key, [
      ["with the secret trimmed", key.trim()],
      ["with what can't be seen around the secret removed", key.replaceAll(/^[\s\p{C}]+|[\s\p{C}]+$/gu, "")],
      ["with the white space inside the secret removed", key.replaceAll(/\s+/g, "")],
    ]),
  handlerKeys: (key) =>
    changed(key, [
      ["a secret with a newline behind it", `${key}\n`],
      ["a secret with a CRLF behind it", `${key}\r\n`],
      ["a secret with a space behind it", `${key} `],
      ["a secret with a space before it", ` ${key}`],
    ]),
  happened: "The secret was stored with white space",
  inHandler: "The handler's secret has white space",
  change: "Store the secret without spaces and newlines around it (echo adds a newline, printf doesn't), or trim it.",
  mending: wholeSecret,
};

/** What stands around a text that was copied with its quotes. */
export const quotes = /^["'`“”‘’]+|["'`“”‘’]+$/g;

export const secretQuoted: DoctorCause = {
  id: "secret.quoted",
  keys: (key) => changed(key, [["with the quotes around the secret removed", key.trim().replaceAll(quotes, "")]]),
  handlerKeys: (key) =>
    changed(key, [
      ["a secret in double quotes", `"${key}"`],
      ["a secret in single quotes", `'${key}'`],
      ["a secret in backquotes", `\`${key}\``],
    ]),
  happened: "The secret was stored with quotes",
  inHandler: "The handler's secret has quotes around it",
  change: "Store the secret without quotes: Docker's --env-file and many dashboards keep them as part of the value.",
  mending: wholeSecret,
};

function fromLastPrefix(key: string): string | undefined {
  const place = key.lastIndexOf(secretPrefix);
  return place > 0 ? key.slice(place) : undefined;
}

export const secretPrefixed: DoctorCause = {
  id: "secret.prefix",
  keys: (key) =>
    changed(key, [
      ["with whsec_ before the secret", key.startsWith(secretPrefix) ? undefined : secretPrefix + key],
      ["with what stands before the last whsec_ removed", fromLastPrefix(key)],
      ["with whsec_ removed", key.startsWith(secretPrefix) ? key.slice(secretPrefix.length) : undefined],
    ]),
  handlerKeys: (key) => changed(key, [["a secret with whsec_ twice", secretPrefix + key]]),
  happened: "The beginning whsec_ of the secret was dropped or doubled",
  inHandler: "The handler drops or doubles the beginning whsec_ of its secret",
  change: "Use the whole secret as it was given, whsec_ included.",
  mending: wholeSecret,
};

/** Decoded as PHP, Python and Ruby do it: what is no sign of base64, such as `_`, is passed over. */
function looselyDecoded(text: string): KeyMaterial {
  return Buffer.from(text.replaceAll(/[^A-Za-z0-9+/]/g, ""), "base64");
}

/** A text where the bytes are one, for it may have been damaged further. */
function textIn(bytes: Uint8Array): KeyMaterial {
  return utf8Text(bytes) ?? bytes;
}

/** Decoded, where the text is strictly of that encoding. */
function decodings(name: string, text: string): (readonly [string, KeyMaterial | undefined])[] {
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(text) || /^[A-Za-z0-9_-]+={0,2}$/.test(text);
  const isHex = /^(?:[0-9a-fA-F]{2})+$/.test(text);
  return [
    [`with ${name} decoded from base64`, isBase64 ? textIn(Buffer.from(text, "base64")) : undefined],
    [`with ${name} decoded from hex`, isHex ? textIn(Buffer.from(text, "hex")) : undefined],
  ];
}

export const secretEncoding: DoctorCause = {
  id: "secret.encoding",
  keys: (key) => {
    const rest = key.startsWith(secretPrefix) ? key.slice(secretPrefix.length) : undefined;
    const bytes = Buffer.from(key, "utf8");
    return changed(key, [
      ...decodings("the secret", key),
      ...(rest === undefined ? [] : decodings("the secret behind whsec_", rest)),
      ["with the secret encoded as base64", bytes.toString("base64")],
      ["with the secret encoded as hex", bytes.toString("hex")],
      ["with the secret as UTF-16", Buffer.from(key, "utf16le")],
    ]);
  },
  handlerKeys: (key) =>
    changed(key, [
      ["a secret decoded from base64 as Node.js does it", Buffer.from(key, "base64")],
      ["a secret decoded from base64, other signs passed over", looselyDecoded(key)],
      ["a secret decoded from base64 behind whsec_", looselyDecoded(key.replace(secretPrefix, ""))],
      ["a secret's SHA-256", createHash("sha256").update(key).digest()],
      ["a secret's SHA-256 in hex", createHash("sha256").update(key).digest("hex")],
    ]),
  happened: "The secret was decoded or encoded before it was stored",
  inHandler: "The handler decodes or encodes its secret before use",
  change: "Use the secret's text as it is, as UTF-8 bytes: it is neither base64 nor hex.",
  mending: wholeSecret,
};

const namedEntities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}

function withoutPercents(key: string): string | undefined {
  try {
    return decodeURIComponent(key);
  } catch {
    return undefined;
  }
}

function withoutEntities(key: string): string {
  return key
    .replaceAll(/&#(\d{1,7});/g, (_, digits: string) => character(Number(digits)))
    .replaceAll(/&#[xX]([0-9a-fA-F]{1,6});/g, (_, digits: string) => character(Number.parseInt(digits, 16)))
    .replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => namedEntities[name] ?? "");
}

function withoutEscapes(key: string): string {
  return key
    .replaceAll(/\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})/g, (_, long: string | undefined, short: string | undefined) =>
      character(Number.parseInt(long ?? short ?? "0", 16)),
    )
    .replaceAll(/(?:\\r)?\\n$/g, "")
    .replaceAll(/\\([^nrt])/g, "$1");
}

function* spelled(key: string, char: RegExp, write: (char: string) => string, note: string): Variants<KeyMaterial> {
  yield* changed(key, [[note, key.replaceAll(char, write)]]);
}

/** Half a surrogate pair would make the encoder throw. */
function wellFormed(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8");
}

function hexOf(char: string, digits: number): string {
  return char.charCodeAt(0).toString(16).toUpperCase().padStart(digits, "0");
}

/** How templates for addresses, scripts and pages write a character. */
const spellings: readonly (readonly [note: string, write: (char: string) => string])[] = [
  ["a percent-encoded secret", (char) => `%${hexOf(char, 2)}`],
  ["a secret with \\u escapes", (char) => `\\u${hexOf(char, 4)}`],
  ["a secret with HTML entities", (char) => `&#${char.charCodeAt(0)};`],
  ["a secret with HTML entities in hex", (char) => `&#x${hexOf(char, 0)};`],
];

export const secretEscaped: DoctorCause = {
  id: "secret.escaped",
  keys: (key) =>
    changed(key, [
      ["with the secret percent-decoded", withoutPercents(key)],
      ["with the HTML entities of the secret decoded", withoutEntities(key)],
      ["with the backslash escapes of the secret decoded", withoutEscapes(key)],
      ["with + in place of the secret's spaces", key.trim().replaceAll(" ", "+")],
    ]),
  *handlerKeys(key) {
    yield* changed(key, [["a percent-encoded secret", encodeURIComponent(wellFormed(key))]]);
    // Some leave the underscore of whsec_ as it is, some don't; digits come in either case.
    for (const special of [/[^A-Za-z0-9_.~-]/g, /[^A-Za-z0-9.~-]/g, /[^A-Za-z0-9]/g]) {
      for (const [note, write] of spellings) {
        yield* spelled(key, special, write, note);
        yield* spelled(key, special, (char) => write(char).toLowerCase(), note);
      }
    }
    yield* changed(key, [["a secret with \\n in two characters behind it", `${key}\\n`]]);
  },
  happened: "The secret was escaped by a template before it was stored",
  inHandler: "The handler's secret is escaped, as by a template",
  change: "Put the secret into the configuration unescaped: templates for JSON, URLs and HTML each change = & and _.",
  mending: wholeSecret,
};

/** The secret within JSON, before a comment, or before a sign that ends a statement; it has none of their signs itself. */
function embedded(key: string): string | undefined {
  const secret = /whsec_[\w+/=-]+/.exec(key)?.[0];
  // Quotes and escapes alone are told more exactly by other causes.
  return secret !== undefined && /[{;#,]|\/\//.test(key.replace(secret, "")) ? secret : undefined;
}

export const secretWrapped: DoctorCause = {
  id: "secret.wrapped",
  keys: (key) => changed(key, [["with only the secret taken out of the text around it", embedded(key)]]),
  // What a comment says can't be guessed; the name of the variable can.
  handlerKeys: (key) =>
    changed(key, [
      ["a secret within AWS Secrets Manager's JSON", `{"${variableName}":"${key}"}`],
      ["a secret within JSON with spaces", `{"${variableName}": "${key}"}`],
      ["a secret with a semicolon behind it", `${key};`],
    ]),
  happened: "The secret was stored with something around it, as JSON or a line of an env file",
  inHandler: "The handler uses a text that only holds its secret, as JSON or a line of an env file",
  change:
    "Take the secret alone out of what the store returns: read the member of AWS Secrets Manager's JSON, and put no comment or semicolon behind it.",
  mending: wholeSecret,
};

/** One key's variants of one cause, as a faulty handler has them too. */
export function keyVariants(cause: DoctorCause, key: string, inHandler: boolean): readonly Variant<KeyMaterial>[] {
  return [...(cause.keys?.(key) ?? []), ...((inHandler ? cause.handlerKeys?.(key) : undefined) ?? [])];
}
