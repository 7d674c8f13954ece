import { createHash, createHmac } from "node:crypto";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import type { DoctorRequest } from "../../../src/core/doctor/diagnose";

export const secret = "whsec_a71d8c13e270aa1c25ab9713c78543f0";
export const earlier = "whsec_0f0e0d0c0b0a09080706050403020100";
export const foreign = "whsec_ffeeddccbbaa99887766554433221100";
export const now = 1_775_826_942;
export const sent = String(now - 20);
export const eventId = "evt_85de38b85594ea723264";

export const text =
  '{"event":"delta.verified","timestamp":"2026-04-10T13:15:02.000Z","data":{"recordId":"rec_68fe88d26e","customerId":"cust_9","note":"Zażółć ünïcode – “€” a/b <b>R&D</b> it\'s","delta":-42.50,"count":1.0,"tags":[],"meta":{}}}';
/** Nothing but ASCII, and the numbers that any printer keeps. */
export const plainText =
  '{"event":"test","timestamp":"2026-04-10T13:15:02.000Z","data":{"message":"hello from PacSpace","n":7}}';

/** An HMAC in the way of the contract, or not. */
export function hmac(content: string | Uint8Array, key: string | Uint8Array = secret): string {
  return createHmac("sha256", key).update(content).digest("hex");
}

export function signed(body: string | Uint8Array, key: string | Uint8Array = secret, at = sent): string {
  return hmac(Buffer.concat([Buffer.from(`${at}.`), Buffer.from(body)]), key);
}

/** What arrived; all else is as PacSpace sends it. */
export interface Arrival {
  /** What PacSpace signed. */
  readonly original?: string | Uint8Array;
  readonly received?: string | Uint8Array;
  readonly signature?: string;
  readonly timestamp?: string;
  readonly headers?: DoctorRequest["headers"];
  readonly more?: DoctorRequest["headers"];
  readonly keys?: DoctorRequest["keys"];
  readonly computed?: string;
}

export type HardCase = readonly [name: string, arrival: Arrival, causes: readonly string[]];

const right = signed(text);
const key = (changed: string): Arrival => ({ keys: [{ id: "webhook_a", secret: changed }] });
const digest = Buffer.from(right, "hex");

/** What logs, proxies, frameworks and people make of the signature header. */
export const signatureCases: readonly HardCase[] = [
  ["logged as JSON", { signature: JSON.stringify(`v1=${right}`) }, ["signature.decorated"]],
  ["logged by Python as a list", { signature: `['v1=${right}']` }, ["signature.decorated"]],
  ["logged by Python as bytes", { signature: `b'v1=${right}'` }, ["signature.decorated"]],
  ["logged by Go as a slice", { signature: `[v1=${right}]` }, ["signature.decorated"]],
  ["a comma behind it, which no value is", { signature: `v1=${right},` }, []],
  ["a newline behind it", { signature: `v1=${right}\n` }, []],
  ["an escaped newline behind it", { signature: `v1=${right}\\n` }, ["signature.decorated"]],
  ["a full stop behind it", { signature: `v1=${right}.` }, ["signature.decorated"]],
  ["a semicolon behind it", { signature: `v1=${right};` }, ["signature.decorated"]],
  ["in angle brackets", { signature: `<v1=${right}>` }, ["signature.decorated"]],
  ["typographic quotes", { signature: `“v1=${right}”` }, ["signature.decorated"]],
  ["broken over two lines", { signature: `v1=${right.slice(0, 40)}\n ${right.slice(40)}` }, ["signature.decorated"]],
  ["a space behind v1=", { signature: `v1= ${right}` }, ["signature.decorated"]],
  ["spaces around the equals sign", { signature: `v1 = ${right}` }, ["signature.decorated"]],
  ["a zero-width space before it", { signature: `\u200bv1=${right}` }, ["signature.decorated"]],
  ["GitHub's scheme", { signature: `sha256=${right}` }, ["signature.prefix"]],
  ["an upper-case scheme", { signature: `V1=${right}` }, ["signature.prefix"]],
  ["a colon in the scheme", { signature: `v1:${right}` }, ["signature.prefix"]],
  ["a comma in the scheme, as in Standard Webhooks", { signature: `v1,${right}` }, ["signature.prefix"]],
  ["the scheme lost", { signature: right }, ["signature.prefix"]],
  ["the scheme percent-encoded", { signature: `v1%3D${right}` }, ["signature.decorated"]],
  ["the scheme twice", { signature: `v1=v1=${right}` }, ["signature.prefix"]],
  ["HMAC-SHA256 as the scheme", { signature: `HMAC-SHA256 ${right}` }, ["signature.prefix"]],
  ["0x before the hex", { signature: `v1=0x${right}` }, ["signature.prefix"]],
  ["upper-case hex", { signature: `v1=${right.toUpperCase()}` }, ["signature.case"]],
  ["mixed-case hex", { signature: `v1=${right.slice(0, 32)}${right.slice(32).toUpperCase()}` }, ["signature.case"]],
  ["all in upper case", { signature: `V1=${right.toUpperCase()}` }, ["signature.prefix", "signature.case"]],
  ["base64", { signature: `v1=${digest.toString("base64")}` }, ["signature.encoding"]],
  ["base64 without padding", { signature: `v1=${digest.toString("base64").replace("=", "")}` }, ["signature.encoding"]],
  ["base64url", { signature: `v1=${digest.toString("base64url")}` }, ["signature.encoding"]],
  ["base64 of the hex", { signature: `v1=${Buffer.from(right).toString("base64")}` }, ["signature.encoding"]],
  ["base64 of the whole value", { signature: Buffer.from(`v1=${right}`).toString("base64") }, ["signature.encoding"]],
  ["base64 without a scheme", { signature: digest.toString("base64") }, ["signature.prefix", "signature.encoding"]],
  ["hex pairs with colons", { signature: `v1=${right.replace(/..(?=.)/g, "$&:")}` }, ["signature.encoding"]],
  ["cut by a column of 64 characters", { signature: `v1=${right}`.slice(0, 64) }, ["signature.truncated"]],
  ["cut by a column of 32 characters", { signature: `v1=${right}`.slice(0, 32) }, ["signature.truncated"]],
  ["cut, with an ellipsis", { signature: `v1=${right.slice(0, 24)}…` }, ["signature.truncated"]],
  ["cut, with three full stops", { signature: `v1=${right.slice(0, 24)}...` }, ["signature.truncated"]],
  ["too short to prove anything", { signature: `v1=${right.slice(0, 12)}` }, []],
  ["a rotation, current value first", { signature: `v1=${right},v1=${signed(text, foreign)}` }, []],
  ["a rotation, current value last", { signature: `v1=${signed(text, foreign)},v1=${right}` }, ["signature.multiple"]],
  [
    "a rotation, logged as JSON",
    { signature: `"v1=${signed(text, foreign)},v1=${right}"` },
    ["signature.decorated", "signature.multiple"],
  ],
  ["two headers of the name", { headers: twice() }, ["signature.multiple"]],
  ["Stripe's form", { signature: `t=${sent},v1=${right}` }, []],
];

function twice(): DoctorRequest["headers"] {
  return [
    ["x-pacspace-signature", `v1=${"0".repeat(64)}`],
    ["x-pacspace-signature", `v1=${right}`],
    ["x-pacspace-timestamp", sent],
  ];
}

const signatureAs = (name: string, value = `v1=${right}`): Arrival => ({
  headers: [
    [name, value],
    ["X-PacSpace-Timestamp", sent],
    ["X-Event-ID", eventId],
  ],
});
const timestampAs = (name: string, value = sent): Arrival => ({
  headers: [
    ["X-PacSpace-Signature", `v1=${right}`],
    [name, value],
  ],
});

/** Names that proxies, servers and people turn headers into. */
export const headerCases: readonly HardCase[] = [
  ["CGI's name", signatureAs("HTTP_X_PACSPACE_SIGNATURE"), ["signature.missing"]],
  ["underscores, which nginx drops", signatureAs("X_PacSpace_Signature"), ["signature.missing"]],
  ["camel case", signatureAs("xPacspaceSignature"), ["signature.missing"]],
  ["a gateway's prefix", signatureAs("X-Original-X-PacSpace-Signature"), ["signature.missing"]],
  ["without X-", signatureAs("PacSpace-Signature"), ["signature.missing"]],
  ["forwarded under another's name", signatureAs("X-Hub-Signature-256"), ["signature.missing"]],
  ["renamed and unprefixed", signatureAs("x_pacspace_signature", right), ["signature.missing", "signature.prefix"]],
  ["an empty header", signatureAs("X-PacSpace-Signature", ""), ["signature.missing"]],
  ["timestamp: CGI's name", timestampAs("HTTP_X_PACSPACE_TIMESTAMP"), ["timestamp.missing"]],
  ["timestamp: underscores", timestampAs("x_pacspace_timestamp"), ["timestamp.missing"]],
  [
    "timestamp: renamed and in milliseconds",
    timestampAs("X-Timestamp", `${sent}000`),
    ["timestamp.missing", "timestamp.unit"],
  ],
  ["timestamp: lost", { headers: [["X-PacSpace-Signature", `v1=${right}`]] }, ["timestamp.missing"]],
  ["timestamp: empty", timestampAs("X-PacSpace-Timestamp", " "), ["timestamp.missing"]],
];

const iso = new Date(Number(sent) * 1000);

/** What programs make of the timestamp. */
export const timestampCases: readonly HardCase[] = [
  ["milliseconds", { timestamp: `${sent}000` }, ["timestamp.unit"]],
  ["microseconds", { timestamp: `${sent}000000` }, ["timestamp.unit"]],
  ["milliseconds were signed", { signature: `v1=${signed(text, secret, `${sent}000`)}` }, ["timestamp.unit"]],
  ["odd milliseconds were signed", { signature: `v1=${signed(text, secret, `${sent}123`)}` }, ["timestamp.unit"]],
  ["ISO 8601", { timestamp: iso.toISOString() }, ["timestamp.format"]],
  ["ISO 8601 without milliseconds", { timestamp: iso.toISOString().replace(".000", "") }, ["timestamp.format"]],
  ["ISO 8601 by Python", { timestamp: iso.toISOString().replace(".000Z", "+00:00") }, ["timestamp.format"]],
  ["ISO 8601 of another zone", { timestamp: "2026-04-10T15:15:22+02:00" }, ["timestamp.format"]],
  ["a database's date", { timestamp: "2026-04-10 13:15:22" }, ["timestamp.format"]],
  ["an HTTP date", { timestamp: iso.toUTCString() }, ["timestamp.format"]],
  ["Go's date", { timestamp: "2026-04-10 13:15:22 +0000 UTC" }, ["timestamp.format"]],
  ["a float", { timestamp: `${sent}.0` }, ["timestamp.format"]],
  ["a float of Python's time", { timestamp: `${sent}.4821` }, ["timestamp.format"]],
  ["Go's float", { timestamp: "1.775826922e+09" }, ["timestamp.format"]],
  ["quoted", { timestamp: `"${sent}"` }, ["timestamp.format"]],
  ["a list of one", { timestamp: `['${sent}']` }, ["timestamp.format"]],
  ["commas in thousands", { timestamp: Number(sent).toLocaleString("en-US") }, ["timestamp.format"]],
  ["a zero before it", { timestamp: `0${sent}` }, ["timestamp.format"]],
  ["white space around it", { timestamp: ` ${sent} ` }, ["timestamp.format"]],
  ["t= before it", { timestamp: `t=${sent}` }, ["timestamp.format"]],
  ["hex", { timestamp: `0x${Number(sent).toString(16)}` }, ["timestamp.format"]],
  ["a plus before it", { timestamp: `+${sent}` }, ["timestamp.format"]],
];

const rotated: DoctorRequest["keys"] = [
  { id: "webhook_a", secret },
  { id: "webhook_a", secret: earlier, previous: true },
  { id: "webhook_b", secret: foreign },
];
const base64Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** Secrets as .env files, dashboards, shells and templates hand them over. */
export const secretCases: readonly HardCase[] = [
  ["echo's newline", key(`${secret}\n`), ["secret.whitespace"]],
  ["Windows' line end", key(`${secret}\r\n`), ["secret.whitespace"]],
  ["a lone carriage return", key(`${secret}\r`), ["secret.whitespace"]],
  ["a tab before it", key(`\t${secret}`), ["secret.whitespace"]],
  ["a no-break space behind it", key(`${secret}\u00a0`), ["secret.whitespace"]],
  ["a zero-width space behind it", key(`${secret}\u200b`), ["secret.whitespace"]],
  ["a byte-order mark before it", key(`\ufeff${secret}`), ["secret.whitespace"]],
  ["wrapped by a terminal", key(`${secret.slice(0, 20)}\n${secret.slice(20)}`), ["secret.whitespace"]],
  ["double quotes of an env file", key(`"${secret}"`), ["secret.quoted"]],
  ["single quotes", key(`'${secret}'`), ["secret.quoted"]],
  ["typographic quotes", key(`“${secret}”`), ["secret.quoted"]],
  ["quotes and a newline", key(`"${secret}"\n`), ["secret.quoted"]],
  ["escaped quotes", key(`\\"${secret}\\"`), ["secret.escaped", "secret.quoted"]],
  ["the prefix stripped", key(secret.slice(6)), ["secret.prefix"]],
  ["the prefix twice", key(`whsec_${secret}`), ["secret.prefix"]],
  ["the variable's name before it", key(`PACSPACE_WEBHOOK_SECRET=${secret}`), ["secret.prefix"]],
  ["Bearer before it", key(`Bearer ${secret}`), ["secret.prefix"]],
  ["base64, as Kubernetes shows it", key(Buffer.from(secret).toString("base64")), ["secret.encoding"]],
  [
    "base64 with echo's newline",
    key(Buffer.from(`${secret}\n`).toString("base64")),
    ["secret.encoding", "secret.whitespace"],
  ],
  ["hex", key(Buffer.from(secret).toString("hex")), ["secret.encoding"]],
  [
    "percent-encoded",
    { original: text, signature: `v1=${signed(text, `${secret}+/=`)}`, ...key(encodeURIComponent(`${secret}+/=`)) },
    ["secret.escaped"],
  ],
  [
    "escaped for HTML",
    { signature: `v1=${signed(text, `${secret}&=`)}`, ...key(`${secret}&amp;&#61;`) },
    ["secret.escaped"],
  ],
  [
    "escaped as JSON",
    { signature: `v1=${signed(text, `${secret}=`)}`, ...key(`${secret}\\u003D`) },
    ["secret.escaped"],
  ],
  [
    "a plus that a form turned into a space",
    { signature: `v1=${signed(text, `${secret}+a`)}`, ...key(`${secret} a`) },
    ["secret.escaped"],
  ],
  ["another webhook's", { signature: `v1=${signed(text, foreign)}`, keys: rotated }, ["secret.otherWebhook"]],
  ["an earlier one", { signature: `v1=${signed(text, earlier)}`, keys: rotated }, ["secret.previous"]],
  ["an API key", key("pk_live_51H8Jk2eZvKYlo2C"), ["secret.notASecret?"]],
  ["a webhook's id", key("webhook_cmh2xyz"), ["secret.notASecret?"]],
  ["the signature", key(`v1=${right}`), ["secret.notASecret?"]],
  ["a placeholder", key("<your webhook secret>"), ["secret.notASecret?"]],
  ["an unset variable", key("${PACSPACE_WEBHOOK_SECRET}"), ["secret.notASecret?"]],
];

function latin1AsUtf8(body: string): Buffer {
  return Buffer.from(Buffer.from(body).toString("latin1"));
}

function dotNet(body: string): string {
  return body.replace(
    /[<>&'+`]|[^\0-\x7f]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
}

/** What gateways, proxies and frameworks do to a body. */
export const bodyCases: readonly HardCase[] = [
  ["an editor's final newline", { received: `${text}\n` }, ["body.trailingNewline"]],
  ["two final newlines", { received: `${text}\n\n` }, ["body.trailingNewline"]],
  ["PowerShell's final line end", { received: `${text}\r\n` }, ["body.trailingNewline"]],
  ["its own final newline trimmed", { original: `${text}\n`, received: text }, ["body.trailingNewline"]],
  ["padded by a fixed-width field", { received: text.padEnd(text.length + 40) }, ["body.whitespace"]],
  ["a NUL behind it, as in C", { received: `${text}\0` }, ["body.whitespace"]],
  ["Notepad's byte-order mark", { received: `\ufeff${text}` }, ["body.bom"]],
  [".NET's byte-order mark and line end", { received: `\ufeff${text}\r\n` }, ["body.trailingNewline", "body.bom"]],
  ["its own mark dropped by TextDecoder", { original: `\ufeff${text}`, received: text }, ["body.bom"]],
  ["Java's Latin-1 default", { received: latin1AsUtf8(text) }, ["body.charset"]],
  ["Latin-1 twice", { received: latin1AsUtf8(latin1AsUtf8(text).toString()) }, ["body.charset"]],
  ["Windows-1252 read", { received: new TextDecoder("windows-1252").decode(Buffer.from(text)) }, ["body.charset"]],
  ["UTF-16 with a mark", { received: Buffer.from(`\ufeff${text}`, "utf16le") }, ["body.charset"]],
  ["UTF-16, big-endian", { received: Buffer.from(text, "utf16le").swap16() }, ["body.charset"]],
  [
    "Latin-1 bytes sent",
    { original: '{"a":"café"}', received: Buffer.from('{"a":"café"}', "latin1") },
    ["body.charset"],
  ],
  ["gzip", { received: gzipSync(text) }, ["body.gzip"]],
  ["deflate", { received: deflateSync(text) }, ["body.gzip"]],
  ["Brotli", { received: brotliCompressSync(text) }, ["body.gzip"]],
  ["API Gateway's base64", { received: Buffer.from(text).toString("base64") }, ["body.base64"]],
  [
    "base64 in lines, as MIME has it",
    { received: Buffer.from(text).toString("base64").replace(/.{76}/g, "$&\r\n") },
    ["body.base64"],
  ],
  ["base64 of gzip", { received: gzipSync(text).toString("base64") }, ["body.gzip", "body.base64"]],
  [
    "base64 in a JSON string",
    { received: JSON.stringify(Buffer.from(text).toString("base64")) },
    ["body.base64", "body.doubleEncoded"],
  ],
  ["a queue's JSON string", { received: JSON.stringify(text) }, ["body.doubleEncoded"]],
  ["a queue within a queue", { received: JSON.stringify(JSON.stringify(text)) }, ["body.doubleEncoded"]],
  [
    "Python's JSON string",
    {
      received: JSON.stringify(text).replace(
        /[^\0-\x7f]/g,
        (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
      ),
    },
    ["body.doubleEncoded"],
  ],
  ["a form's field", { received: new URLSearchParams({ payload: text }).toString() }, ["body.formEncoded"]],
  [
    "a form's second field",
    { received: new URLSearchParams({ type: "json", body: text }).toString() },
    ["body.formEncoded"],
  ],
  ["a form's name without a value", { received: `${encodeURIComponent(text)}=` }, ["body.formEncoded"]],
  ["percent-encoded", { received: encodeURIComponent(text) }, ["body.formEncoded"]],
  ["PHP's slashes", { received: text.replaceAll("/", "\\/") }, ["body.slashEscapes"]],
  [
    "Rails' escapes",
    { received: text.replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`) },
    ["body.htmlEscapes"],
  ],
  [
    "Gson's escapes",
    { received: text.replace(/[<>&='](?=[^"]*")/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`) },
    ["body.htmlEscapes"],
  ],
  [".NET's escapes", { received: dotNet(text) }, ["body.htmlEscapes", "body.unicodeEscapes"]],
  ["only < escaped", { received: text.replaceAll("<", "\\u003C") }, ["body.htmlEscapes"]],
  ["Newtonsoft's dates", { received: text.replace("02.000Z", "02Z") }, ["body.reserialized"]],
  ["PHP's empty objects", { received: text.replace('"meta":{}', '"meta":[]') }, ["body.reserialized"]],
  ["Lua's empty lists", { received: text.replace('"tags":[]', '"tags":{}') }, ["body.reserialized"]],
  ["JavaScript's numbers", { received: text.replace("-42.50", "-42.5").replace("1.0,", "1,") }, ["body.numberFormat"]],
  ["a float that stayed one", { received: text.replace("1.0,", "1,") }, ["body.numberFormat"]],
  [
    "LF into CRLF in pretty text",
    {
      original: JSON.stringify(JSON.parse(text), null, 2),
      received: JSON.stringify(JSON.parse(text), null, 2).replaceAll("\n", "\r\n"),
    },
    ["body.lineEndings"],
  ],
  ["nothing at all", { received: "" }, ["body.empty?"]],
  [
    "cut in the middle",
    { received: text.slice(0, 60), more: [["Content-Length", String(Buffer.byteLength(text))]] },
    ["body.truncated"],
  ],
  ["Buffer of Node as JSON", { received: JSON.stringify(Buffer.from(text)) }, ["body.doubleEncoded"]],
];

/** Several at once, as they come in real life. */
export const mixedCases: readonly HardCase[] = [
  [
    "PHP pretty, saved by an editor on Windows",
    {
      received: `\ufeff${JSON.stringify(JSON.parse(plainText), null, 4).replaceAll("\n", "\r\n")}\r\n`,
      original: plainText,
    },
    ["body.bom", "body.reserialized", "body.trailingNewline"],
  ],
  [
    "gzip in base64 in a JSON string of pretty JSON",
    {
      original: plainText,
      received: JSON.stringify(gzipSync(JSON.stringify(JSON.parse(plainText), null, 2)).toString("base64")),
    },
    ["body.base64", "body.doubleEncoded", "body.gzip", "body.reserialized"],
  ],
  [
    "milliseconds and a quoted key",
    { timestamp: `${sent}000`, ...key(`"${secret}"`) },
    ["secret.quoted", "timestamp.unit"],
  ],
  [
    "base64 signature, key with a newline",
    { signature: digest.toString("base64"), ...key(`${secret}\n`) },
    ["secret.whitespace", "signature.encoding", "signature.prefix"],
  ],
  [
    "an earlier key and a final newline",
    { signature: `v1=${signed(text, earlier)}`, keys: rotated, received: `${text}\n` },
    ["body.trailingNewline", "secret.previous"],
  ],
  [
    "another webhook's key, quoted, and slashes escaped",
    {
      signature: `v1=${signed(text, foreign)}`,
      keys: [
        { id: "webhook_a", secret },
        { id: "webhook_b", secret: `"${foreign}"` },
      ],
      received: text.replaceAll("/", "\\/"),
    },
    ["body.slashEscapes", "secret.otherWebhook", "secret.quoted"],
  ],
  [
    "a lost timestamp and a pretty body",
    {
      original: plainText,
      received: JSON.stringify(JSON.parse(plainText), null, 2),
      headers: [["X-PacSpace-Signature", `v1=${signed(plainText)}`]],
    },
    ["body.reserialized", "timestamp.missing"],
  ],
  [
    "both headers renamed by a server",
    {
      headers: [
        ["HTTP_X_PACSPACE_SIGNATURE", `v1=${right}`],
        ["HTTP_X_PACSPACE_TIMESTAMP", sent],
      ],
    },
    ["signature.missing", "timestamp.missing"],
  ],
  [
    "an ISO timestamp and a Python body",
    {
      original: plainText,
      signature: `v1=${signed(plainText)}`,
      timestamp: iso.toISOString(),
      received: plainText.replace(/(?<=")[,:]|,(?=")/g, "$& "),
    },
    ["body.reserialized", "timestamp.format"],
  ],
  [
    "replayed a day later with a final newline",
    {
      original: text,
      timestamp: String(now - 86_400),
      signature: `v1=${signed(text, secret, String(now - 86_400))}`,
      received: `${text}\n`,
    },
    ["body.trailingNewline", "timestamp.stale"],
  ],
];

const parsed = JSON.parse(plainText) as Record<string, unknown>;
const spaced = plainText.replace(/(?<=")[,:](?=["{\d])|,(?=")/g, "$& ");
const sha = (name: string, content: string): string => createHmac(name, secret).update(content).digest("hex");
const handler = (computed: string, more: Arrival = {}): Arrival => ({ original: plainText, computed, ...more });

/** What a handler computed in place of the right value, and why. */
export const handlerCases: readonly HardCase[] = [
  ["right", handler(`v1=${signed(plainText)}`), ["handler.correct"]],
  ["right, compared without v1=", handler(signed(plainText)), ["handler.correct", "signature.prefix"]],
  ["right, GitHub's scheme", handler(`sha256=${signed(plainText)}`), ["handler.correct", "signature.prefix"]],
  [
    "right, .NET's Convert.ToHexString",
    handler(signed(plainText).toUpperCase()),
    ["handler.correct", "signature.case", "signature.prefix"],
  ],
  [
    "right, .NET's BitConverter",
    handler(
      signed(plainText)
        .toUpperCase()
        .replace(/..(?=.)/g, "$&-"),
    ),
    ["handler.correct", "signature.encoding", "signature.prefix"],
  ],
  [
    "right, in base64",
    handler(Buffer.from(signed(plainText), "hex").toString("base64")),
    ["handler.correct", "signature.encoding", "signature.prefix"],
  ],
  ["the body alone", handler(hmac(plainText)), ["signingString.bodyOnly"]],
  [
    "the body alone, base64",
    handler(Buffer.from(hmac(plainText), "hex").toString("base64")),
    ["signature.encoding", "signingString.bodyOnly"],
  ],
  ["a colon", handler(hmac(`${sent}:${plainText}`)), ["signingString.separator"]],
  ["nothing between", handler(hmac(sent + plainText)), ["signingString.separator"]],
  ["a newline between", handler(hmac(`${sent}\n${plainText}`)), ["signingString.separator"]],
  ["Slack's base string", handler(hmac(`v1:${sent}:${plainText}`)), ["signingString.separator"]],
  [
    "Standard Webhooks' content",
    handler(hmac(`${eventId}.${sent}.${plainText}`), { more: [["X-Event-ID", eventId]] }),
    ["signingString.separator"],
  ],
  ["body first", handler(hmac(`${plainText}.${sent}`)), ["signingString.order"]],
  ["body first, nothing between", handler(hmac(plainText + sent)), ["signingString.order"]],
  ["a final newline", handler(hmac(`${sent}.${plainText}\n`)), ["signingString.newline"]],
  [
    "Express: JSON.stringify(req.body, null, 2)",
    handler(hmac(`${sent}.${JSON.stringify(parsed, null, 2)}`)),
    ["body.reserialized"],
  ],
  ["Express: the parsed body's text", handler(hmac(`${sent}.[object Object]`)), ["body.reserialized"]],
  [
    "Express: a Buffer as JSON",
    handler(hmac(`${sent}.${JSON.stringify(Buffer.from(plainText))}`)),
    ["body.reserialized"],
  ],
  ["Express: no raw body", handler(hmac(`${sent}.undefined`)), ["body.empty"]],
  ["Express: an empty object", handler(hmac(`${sent}.{}`)), ["body.empty"]],
  ["Express: a header that is not there", handler(hmac(`undefined.${plainText}`)), ["timestamp.missing"]],
  ["Next.js: the stream was read before", handler(hmac(`${sent}.`)), ["body.empty"]],
  ["Flask: json.dumps(request.json)", handler(hmac(`${sent}.${spaced}`)), ["body.reserialized"]],
  ["Flask: the bytes' repr", handler(hmac(`${sent}.b'${plainText}'`)), ["body.charset"]],
  ["Flask: no timestamp", handler(hmac(`None.${plainText}`)), ["timestamp.missing"]],
  ["Django: str(request.body) alone", handler(hmac(`b'${plainText}'`)), ["body.charset", "signingString.bodyOnly"]],
  [
    "FastAPI: the model's dict",
    handler(
      hmac(
        `${sent}.{'event': 'test', 'timestamp': '2026-04-10T13:15:02.000Z', 'data': {'message': 'hello from PacSpace', 'n': 7}}`,
      ),
    ),
    ["body.reserialized"],
  ],
  ["Go: a slice of header values", handler(hmac(`[${sent}].${plainText}`)), ["timestamp.format"]],
  ["Go: fmt of a byte slice", handler(hmac(`${sent}.[${Buffer.from(plainText).join(" ")}]`)), ["body.charset"]],
  [
    "Go: a map marshalled",
    handler(
      hmac(
        `${sent}.{"data":{"message":"hello from PacSpace","n":7},"event":"test","timestamp":"2026-04-10T13:15:02.000Z"}`,
      ),
    ),
    ["body.keyOrder"],
  ],
  [
    "Spring: a Map's text",
    handler(hmac(`${sent}.{event=test, timestamp=2026-04-10T13:15:02.000Z, data={message=hello from PacSpace, n=7}}`)),
    ["body.reserialized"],
  ],
  [
    "Rails: a Hash's text",
    handler(
      hmac(
        `${sent}.{"event"=>"test", "timestamp"=>"2026-04-10T13:15:02.000Z", "data"=>{"message"=>"hello from PacSpace", "n"=>7}}`,
      ),
    ),
    ["body.reserialized"],
  ],
  [
    "Rails 8: a Hash's text",
    handler(
      hmac(
        `${sent}.{"event" => "test", "timestamp" => "2026-04-10T13:15:02.000Z", "data" => {"message" => "hello from PacSpace", "n" => 7}}`,
      ),
    ),
    ["body.reserialized"],
  ],
  ["Laravel: an array's text", handler(hmac(`${sent}.Array`)), ["body.reserialized"]],
  [
    "ASP.NET: Newtonsoft, indented on Windows",
    handler(hmac(`${sent}.${JSON.stringify(parsed, null, 2).replaceAll("\n", "\r\n")}`)),
    ["body.lineEndings", "body.reserialized"],
  ],
  [
    "PostgreSQL's jsonb",
    handler(
      hmac(
        `${sent}.{"data": {"n": 7, "message": "hello from PacSpace"}, "event": "test", "timestamp": "2026-04-10T13:15:02.000Z"}`,
      ),
    ),
    ["body.keyOrder", "body.reserialized"],
  ],
  [
    "Perl's JSON::PP",
    handler(hmac(`${sent}.${JSON.stringify(parsed, null, 3).replaceAll('": ', '" : ')}`)),
    ["body.reserialized"],
  ],
  ["milliseconds", handler(hmac(`${sent}000.${plainText}`)), ["timestamp.unit"]],
  ["a date's text", handler(hmac(`${iso.toISOString()}.${plainText}`)), ["timestamp.format"]],
  ["its own clock", handler(hmac(`${Number(sent) + 3}.${plainText}`)), ["timestamp.missing"]],
  ["the body's own timestamp", handler(hmac(`2026-04-10T13:15:02.000Z.${plainText}`)), ["timestamp.missing"]],
  ["the key without its prefix", handler(signed(plainText, secret.slice(6))), ["secret.prefix"]],
  ["the key decoded from hex", handler(signed(plainText, Buffer.from(secret.slice(6), "hex"))), ["secret.encoding"]],
  [
    "the key decoded as Svix does it",
    handler(signed(plainText, Buffer.from(base64Secret.slice(6), "base64")), {
      keys: [{ id: "webhook_a", secret: base64Secret }],
      signature: `v1=${signed(plainText, base64Secret)}`,
    }),
    ["secret.encoding"],
  ],
  [
    "the key decoded by Node.js, prefix and all",
    handler(signed(plainText, Buffer.from(base64Secret, "base64")), {
      keys: [{ id: "webhook_a", secret: base64Secret }],
      signature: `v1=${signed(plainText, base64Secret)}`,
    }),
    ["secret.encoding"],
  ],
  [
    "the key decoded by PHP, _ passed over",
    handler(signed(plainText, Buffer.from(base64Secret.replace("_", ""), "base64")), {
      keys: [{ id: "webhook_a", secret: base64Secret }],
      signature: `v1=${signed(plainText, base64Secret)}`,
    }),
    ["secret.encoding"],
  ],
  [
    "Svix's library: key, content and base64",
    handler(
      Buffer.from(
        hmac(`${eventId}.${sent}.${plainText}`, Buffer.from(base64Secret.slice(6), "base64")),
        "hex",
      ).toString("base64"),
      {
        more: [["X-Event-ID", eventId]],
        keys: [{ id: "webhook_a", secret: base64Secret }],
        signature: `v1=${signed(plainText, base64Secret)}`,
      },
    ),
    ["secret.encoding", "signature.encoding", "signingString.separator"],
  ],
  ["the key's hash", handler(signed(plainText, createHash("sha256").update(secret).digest())), ["secret.encoding"]],
  ["the key with a newline", handler(signed(plainText, `${secret}\n`)), ["secret.whitespace"]],
  ["the key in quotes", handler(signed(plainText, `"${secret}"`)), ["secret.quoted"]],
  ["no key", handler(signed(plainText, "")), ["secret.notASecret"]],
  ["an unset variable in JavaScript", handler(signed(plainText, "undefined")), ["secret.notASecret"]],
  ["an unset variable in Python", handler(signed(plainText, "None")), ["secret.notASecret"]],
  ["a variable's name for the key", handler(signed(plainText, "$PACSPACE_WEBHOOK_SECRET")), ["secret.notASecret"]],
  ["another webhook's key", handler(signed(plainText, foreign), { keys: rotated }), ["secret.otherWebhook"]],
  ["an earlier key", handler(signed(plainText, earlier), { keys: rotated }), ["secret.previous"]],
  [
    "an earlier key, body alone",
    handler(hmac(plainText, earlier), { keys: rotated }),
    ["secret.previous", "signingString.bodyOnly"],
  ],
  [
    "trimmed, where the body ends with a newline",
    { original: `${plainText}\n`, computed: signed(plainText) },
    ["body.trailingNewline"],
  ],
  ["SHA-1", handler(sha("sha1", `${sent}.${plainText}`)), []],
  ["SHA-512", handler(sha("sha512", `${sent}.${plainText}`)), []],
  ["key and content exchanged", handler(hmac(secret, `${sent}.${plainText}`)), []],
  [
    "a plain hash",
    handler(
      createHash("sha256")
        .update(secret + plainText)
        .digest("hex"),
    ),
    [],
  ],
];
