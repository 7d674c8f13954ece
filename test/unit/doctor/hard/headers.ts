import type { DoctorRequest } from "../../../../src/core/doctor/diagnose";
import {
  digest,
  earlier,
  eventId,
  foreign,
  iso,
  key,
  right,
  rotated,
  secret,
  sent,
  signed,
  text,
  type Arrival,
  type HardCase,
} from "./arrival";

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
  ["a semicolon and another field behind it", { signature: `v1=${right};alg=sha256` }, ["signature.decorated"]],
  [
    "several values with semicolons between",
    { signature: `v0=${"0".repeat(64)};v1=${right}` },
    ["signature.decorated"],
  ],
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
