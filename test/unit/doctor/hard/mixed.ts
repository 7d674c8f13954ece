import { gzipSync } from "node:zlib";
import {
  hmac,
  digest,
  earlier,
  foreign,
  iso,
  key,
  now,
  plainText,
  right,
  rotated,
  secret,
  sent,
  signed,
  text,
  type HardCase,
} from "./arrival";

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
    "the timestamp header was lost, and the handler signs the body alone",
    {
      original: plainText,
      headers: [["X-PacSpace-Signature", `v1=${signed(plainText)}`]],
      computed: hmac(plainText),
    },
    ["signingString.bodyOnly", "timestamp.missing"],
  ],
  [
    "the timestamp header was lost, and the handler signs undefined in its place",
    {
      original: plainText,
      headers: [["X-PacSpace-Signature", `v1=${signed(plainText)}`]],
      computed: `v1=${hmac(`undefined.${plainText}`)}`,
    },
    ["timestamp.missing"],
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
