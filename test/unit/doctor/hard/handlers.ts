import { createHash, createHmac } from "node:crypto";
import {
  base64Secret,
  earlier,
  eventId,
  foreign,
  hmac,
  iso,
  plainText,
  rotated,
  secret,
  sent,
  signed,
  type Arrival,
  type HardCase,
} from "./arrival";

const parsed = JSON.parse(plainText) as Record<string, unknown>;
const spaced = plainText.replace(/(?<=")[,:](?=["{\d])|,(?=")/g, "$& ");
const sha = (name: string, content: string): string => createHmac(name, secret).update(content).digest("hex");
const handler = (computed: string, more: Arrival = {}): Arrival => ({ original: plainText, computed, ...more });

const sha256 = (content: string): string => createHash("sha256").update(content).digest("hex");
const withEventId: Arrival = { more: [["X-Event-ID", eventId]] };

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
    ["signature.encoding", "signature.prefix"],
  ],
  [
    "right, in base64",
    handler(Buffer.from(signed(plainText), "hex").toString("base64")),
    ["signature.encoding", "signature.prefix"],
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
  [
    "the key within its store's JSON",
    handler(signed(plainText, `{"PACSPACE_WEBHOOK_SECRET":"${secret}"}`)),
    ["secret.wrapped"],
  ],
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
  ["key and content exchanged", handler(hmac(secret, `${sent}.${plainText}`)), ["signingString.notKeyed"]],
  ["key and body exchanged", handler(hmac(secret, plainText)), ["signingString.notKeyed"]],
  ["a plain hash without the secret", handler(sha256(`${sent}.${plainText}`)), ["signingString.notKeyed"]],
  ["a plain hash of secret and body", handler(sha256(secret + plainText)), ["signingString.notKeyed"]],
  ["a plain hash of secret and all", handler(sha256(`${secret}${sent}.${plainText}`)), ["signingString.notKeyed"]],
  ["a plain hash of all and secret", handler(sha256(`${sent}.${plainText}${secret}`)), ["signingString.notKeyed"]],
  ["a promise that was not awaited", handler(hmac(`${sent}.[object Promise]`)), ["body.charset"]],
  ["an ArrayBuffer's text", handler(hmac(`${sent}.[object ArrayBuffer]`)), ["body.charset"]],
  ["a stream's text", handler(hmac(`${sent}.[object ReadableStream]`)), ["body.charset"]],
  ["ASP.NET: a byte array's text", handler(hmac(`${sent}.System.Byte[]`)), ["body.charset"]],
  ["the event's id and the body", handler(hmac(`${eventId}.${plainText}`), withEventId), ["signingString.bodyOnly"]],
  [
    "the timestamp, the event's id and the body",
    handler(hmac(`${sent}.${eventId}.${plainText}`), withEventId),
    ["signingString.separator"],
  ],
  ["the data alone", handler(hmac(`${sent}.${JSON.stringify(parsed.data)}`)), ["body.reserialized"]],
  [
    "the data alone, by Python",
    handler(hmac(`${sent}.{"message": "hello from PacSpace", "n": 7}`)),
    ["body.reserialized"],
  ],
];
