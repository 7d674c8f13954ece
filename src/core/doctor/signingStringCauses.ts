import { createHash, createHmac } from "node:crypto";
import type { DoctorCause, SigningForm, Variant, Variants } from "./cause";
import { signedContent } from "./mending/signed";

function form(
  note: string,
  before: SigningForm["before"],
  after: SigningForm["after"] = () => "",
): Variant<SigningForm> {
  return { note, value: { before, after } };
}

/** What PacSpace signs: the timestamp, a full stop, the body (signature verification page). */
export const standardForm: SigningForm = { before: (timestamp) => `${timestamp}.`, after: () => "" };

const separators: readonly (readonly [text: string, name: string])[] = [
  [":", "a colon"],
  ["", "nothing"],
  ["\n", "a newline"],
  ["|", "a bar"],
  [",", "a comma"],
  ["-", "a hyphen"],
  [" ", "a space"],
  ["_", "an underscore"],
  [";", "a semicolon"],
  ["&", "an ampersand"],
  ["=", "an equals sign"],
  ["/", "a slash"],
  ["..", "two full stops"],
  [". ", "a full stop and a space"],
  ["\\n", "a backslash and an n"],
];

export const bodyOnly: DoctorCause = {
  id: "signingString.bodyOnly",
  handlerForms: (eventId) => [
    form("the body alone", () => ""),
    form("a full stop and the body", () => "."),
    ...(eventId === "" ? [] : [form("the event's id, a full stop and the body", () => `${eventId}.`)]),
  ],
  happened: "Only the body was signed",
  inHandler: "The handler leaves the timestamp out",
  change: "Sign the timestamp header's text, a full stop, then the raw body.",
  mending: signedContent,
};

export const separator: DoctorCause = {
  id: "signingString.separator",
  handlerForms: (eventId) => [
    ...separators.map(([text, name]) => form(`${name} between timestamp and body`, (timestamp) => timestamp + text)),
    form("the scheme v1, the timestamp and the body with full stops between", (timestamp) => `v1.${timestamp}.`),
    form("the scheme v1, the timestamp and the body with colons between", (timestamp) => `v1:${timestamp}:`),
    // Standard Webhooks, which Svix's libraries check.
    ...(eventId === ""
      ? []
      : [
          form("the event's id, the timestamp and the body with full stops between", (at) => `${eventId}.${at}.`),
          form("the timestamp, the event's id and the body with full stops between", (at) => `${at}.${eventId}.`),
        ]),
  ],
  happened: "Timestamp and body were joined in another way",
  inHandler: "The handler joins timestamp and body in another way",
  change: "Put one full stop between the timestamp header's text and the raw body.",
  mending: signedContent,
};

function* bodyFirst(): Variants<SigningForm> {
  const before = (): string => "";
  yield form("the body, a full stop, the timestamp", before, (timestamp) => `.${timestamp}`);
  for (const [text, name] of separators) {
    yield form(`the body, ${name}, the timestamp`, before, (timestamp) => text + timestamp);
  }
}

export const order: DoctorCause = {
  id: "signingString.order",
  handlerForms: bodyFirst,
  happened: "The body was signed before the timestamp",
  inHandler: "The handler puts the body first",
  change: "Put the timestamp header's text first, then a full stop, then the raw body.",
  mending: signedContent,
};

export const newline: DoctorCause = {
  id: "signingString.newline",
  handlerForms: () => [
    form("a newline behind it all", standardForm.before, () => "\n"),
    form("a CRLF behind it all", standardForm.before, () => "\r\n"),
    form("a newline before it all", (timestamp) => `\n${timestamp}.`),
  ],
  happened: "Something stands around what was signed",
  inHandler: "The handler signs something more around timestamp and body",
  change: "Sign nothing more than the timestamp header's text, a full stop, and the raw body: no newline behind it.",
  mending: signedContent,
};

type Digest = NonNullable<SigningForm["digest"]>;
type Signed = Parameters<Digest>[1];

function sha256(parts: Signed): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

function exchanged(key: Uint8Array, signed: Signed): string {
  return createHmac("sha256", Buffer.concat(signed.map((part) => Buffer.from(part))))
    .update(key)
    .digest("hex");
}

/** What is computed where HMAC's key is not the secret; each for the timestamp and the body, and for the body alone. */
const otherDigests: readonly (readonly [note: string, digest: Digest])[] = [
  ["an HMAC of the secret, with what was to be signed as its key", exchanged],
  ["a SHA-256 without the secret", (_, signed) => sha256(signed)],
  ["a SHA-256 with the secret before it", (key, signed) => sha256([key, ...signed])],
  ["a SHA-256 with the secret behind it", (key, signed) => sha256([...signed, key])],
];

function* unkeyed(): Variants<SigningForm> {
  for (const [name, digest] of otherDigests) {
    yield { note: name, value: { ...standardForm, digest } };
    yield { note: `${name}, of the body alone`, value: { ...form("", () => "").value, digest } };
  }
}

export const otherDigest: DoctorCause = {
  id: "signingString.notKeyed",
  handlerForms: unkeyed,
  happened: "It was not signed by an HMAC with the secret as its key",
  inHandler: "The handler computes no HMAC with the secret as its key",
  change:
    "Compute an HMAC-SHA256: the secret is its key; the timestamp header's text, a full stop and the raw body are its message.",
  mending: signedContent,
};
