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
  handlerForms: () => [form("the body alone", () => ""), form("a full stop and the body", () => ".")],
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
      : [form("the event's id, the timestamp and the body with full stops between", (at) => `${eventId}.${at}.`)]),
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
