import { createHash, createHmac } from "node:crypto";
import { bodyDamages } from "./body";
import { withHandler, type Damage, type Handler, type Part } from "./passage";
import { keyDamages, signatureDamages, timestampDamages, type TextDamage } from "./texts";

const examples = { signature: "v1=01ab", timestamp: "1775826927", key: "whsec_a+b=" } as const;

function named([id, apply]: TextDamage, part: keyof typeof examples): Pick<Damage, "id" | "name"> & { part: Part } {
  return { id, name: `${part} as ${JSON.stringify(apply(examples[part]))}`, part };
}

const otherSecret = "whsec_of_no_delivery";

/** Damages on the way from PacSpace to the doctor. */
export const requestDamages: readonly Damage[] = [
  ...bodyDamages.map(({ apply, ...damage }): Damage => {
    return {
      ...damage,
      part: "body",
      apply: (passage) => {
        const body = apply(passage.body);
        return body && { ...passage, body };
      },
    };
  }),
  ...signatureDamages.map((damage): Damage => {
    const apply: Damage["apply"] = (passage) => ({ ...passage, signature: damage[1](passage.signature) });
    return { ...named(damage, "signature"), apply };
  }),
  ...timestampDamages.map((damage): Damage => {
    const apply: Damage["apply"] = (passage) => ({ ...passage, timestamp: damage[1](passage.timestamp) });
    return { ...named(damage, "timestamp"), apply };
  }),
  ...keyDamages.map((damage): Damage => {
    // The secret of the delivery's own webhook; others at hand are none of it.
    const apply: Damage["apply"] = (passage) => {
      const keys = passage.keys.map((key) =>
        key.secret === otherSecret ? key : { ...key, secret: damage[1](key.secret) },
      );
      return { ...passage, keys };
    };
    return { ...named(damage, "key"), apply };
  }),
  {
    id: "secret.otherWebhook",
    name: "signed for another webhook",
    part: "owner",
    apply: (passage) => ({
      ...passage,
      keys: [{ id: "webhook_b", secret: otherSecret }, ...passage.keys.map((key) => ({ ...key, id: "webhook_a" }))],
    }),
  },
  {
    id: "secret.previous",
    name: "signed before a rotation",
    part: "owner",
    apply: (passage) => ({
      ...passage,
      keys: [{ id: "webhook_a", secret: otherSecret }, ...passage.keys.map((key) => ({ ...key, previous: true }))],
    }),
  },
  ...[301, 3_600, 40_000_000].flatMap((seconds): Damage[] => [
    {
      id: "timestamp.stale",
      name: `${seconds} seconds late`,
      part: "clock",
      apply: (passage) => ({ ...passage, now: passage.now + seconds }),
    },
    {
      id: "timestamp.future",
      name: `${seconds} seconds early`,
      part: "clock",
      apply: (passage) => ({ ...passage, now: passage.now - 15 - seconds }),
    },
  ]),
];

/** One fault of a handler. */
function fault(
  name: string,
  id: string,
  part: Part,
  change: (handler: Handler) => Partial<Handler> | undefined,
): Damage {
  return {
    id,
    name,
    part,
    apply: (passage) => {
      const whole = withHandler(passage);
      const changed = change(whole.handler);
      return changed && { ...whole, handler: { ...whole.handler, ...changed } };
    },
  };
}

type Signed = Handler["signed"];
const joined = (...parts: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part)));

const forms: readonly (readonly [id: string, name: string, signed: Signed])[] = [
  ["signingString.bodyOnly", "the body alone", (_, body) => body],
  ["signingString.separator", "a colon", (time, body) => joined(time, ":", body)],
  ["signingString.separator", "nothing between", (time, body) => joined(time, body)],
  ["signingString.separator", "a newline between", (time, body) => joined(time, "\n", body)],
  ["signingString.order", "the body first", (time, body) => joined(body, ".", time)],
  ["signingString.order", "the body first, nothing between", (time, body) => joined(body, time)],
  ["signingString.newline", "a newline behind", (time, body) => joined(time, ".", body, "\n")],
  ["signingString.newline", "a CRLF behind", (time, body) => joined(time, ".", body, "\r\n")],
];

/** What a handler computes that is no HMAC keyed by the secret. */
const otherDigests: readonly (readonly [name: string, digest: Handler["digest"]])[] = [
  ["a plain hash, secret first", (secret, signed) => createHash("sha256").update(secret).update(signed).digest("hex")],
  ["key and content exchanged", (secret, signed) => createHmac("sha256", signed).update(secret).digest("hex")],
];

/** What handlers do to a body before they sign it. */
const ofHandlers = new Set([
  ...["2 spaces", "4 spaces", "tabs", "Python's spacing", "slashes escaped", "escaped for HTML", "escaped to ASCII"],
  ...["mark added", "base64", "encoded twice", "read as Latin-1", "read as Windows-1252", "UTF-16"],
]);

/** What a handler may do wrong with a delivery that arrived as it was sent. */
export const handlerDamages: readonly Damage[] = [
  fault("no fault in its value", "handler.correct", "handler's nothing", () => ({})),
  ...forms.map(([id, name, signed]) => fault(name, id, "handler's signing string", () => ({ signed }))),
  ...otherDigests.map(([name, digest]) =>
    fault(name, "signingString.notKeyed", "handler's signing string", () => ({ ...(digest && { digest }) })),
  ),
  ...bodyDamages
    .filter(({ name }) => ofHandlers.has(name))
    .map(({ id, name, apply }) =>
      fault(name, id, "handler's body", (handler) => {
        const body = apply(handler.body);
        return body && { body };
      }),
    ),
  ...keyDamages.map((damage) =>
    fault(named(damage, "key").name, damage[0], "handler's secret", ({ secret }) => ({ secret: damage[1](secret) })),
  ),
  // How many zeros a handler would write can't be guessed.
  ...timestampDamages
    .filter(([, apply]) => !apply("1").startsWith("0"))
    .map((damage) =>
      fault(named(damage, "timestamp").name, damage[0], "handler's timestamp", ({ timestamp }) => ({
        timestamp: damage[1](timestamp),
      })),
    ),
  // A value without v1= is none beside another fault: people log it so.
  ...signatureDamages
    .filter(([id]) => /case|encoding|decorated/.test(id))
    .map((damage) =>
      fault(named(damage, "signature").name, damage[0], "handler's value", () => ({ written: damage[1] })),
    ),
];
