import { setTimeout as sleep } from "node:timers/promises";
import {
  ahead,
  equal,
  equalOfOneLength,
  eventOf,
  headerOf,
  knownParts,
  toleranceSeconds,
  type Conduct,
} from "./conduct";

/** A classic mistake and the cases that must find it; all others must pass. */
export interface Mistake {
  readonly name: string;
  readonly conduct: () => Partial<Conduct>;
  readonly fails: readonly string[];
  /** Told cases whose request isn't accepted because of it. */
  readonly notAccepted?: readonly string[];
  readonly timeoutMs?: number;
}

/** What fails when no signature is ever found right. */
const allGood = [
  "valid-event",
  "non-ascii-body",
  "raw-bytes",
  "unknown-event",
  "same-event-twice",
  "two-values",
  "unknown-scheme",
  "header-case",
  "still-alive",
];
const allTold = ["large-body", "millisecond-timestamp"];
const badSignatures = ["wrong-signature", "other-body-signature", "empty-signature", "malformed-signature"];

const slownessMs = 5_000;

export const mistakes: readonly Mistake[] = [
  {
    name: "parses the body and signs it printed again",
    conduct: () => ({
      signed: (timestamp, raw) => `${timestamp}.${JSON.stringify(JSON.parse(raw.toString()))}`,
      onThrow: 400,
    }),
    fails: ["raw-bytes"],
  },
  {
    name: "compares the whole header by ===",
    conduct: () => ({ matches: (signature, expected) => signature === expected }),
    fails: ["two-values", "unknown-scheme"],
  },
  {
    name: "doesn't check lengths before the constant-time comparison",
    conduct: () => ({
      matches: (signature, expected) => knownParts(signature).some((part) => equalOfOneLength(part, expected)),
    }),
    fails: ["empty-signature", "malformed-signature"],
  },
  {
    name: "leaves the prefix out of the key",
    conduct: () => ({ key: (secret) => secret.replace("whsec_", "") }),
    fails: allGood,
    notAccepted: allTold,
  },
  {
    name: "decodes the secret from base64",
    conduct: () => ({ key: (secret) => Buffer.from(secret.replace("whsec_", ""), "base64").toString("latin1") }),
    fails: allGood,
    notAccepted: allTold,
  },
  {
    name: "signs the body without the timestamp",
    conduct: () => ({ signed: (_timestamp, raw) => raw }),
    fails: allGood,
    notAccepted: allTold,
  },
  {
    name: "has no tolerance",
    conduct: () => ({ fresh: () => true }),
    fails: ["malformed-timestamp", "stale-timestamp", "future-timestamp"],
  },
  {
    name: "has a tolerance that lets pass what is no number",
    conduct: () => ({ fresh: (timestamp) => !(Math.abs(ahead(timestamp)) > toleranceSeconds) }),
    fails: ["malformed-timestamp"],
  },
  {
    name: "looks for old timestamps only",
    conduct: () => ({ fresh: (timestamp) => ahead(timestamp) >= -toleranceSeconds }),
    fails: ["future-timestamp"],
  },
  {
    name: "doesn't read milliseconds",
    conduct: () => ({ fresh: (timestamp) => Math.abs(ahead(timestamp, (value) => value)) <= toleranceSeconds }),
    fails: [],
    notAccepted: ["millisecond-timestamp"],
  },
  {
    name: "reads the first value only",
    conduct: () => ({ matches: (signature, expected) => equal(signature.split(",")[0] ?? "", expected) }),
    fails: ["two-values", "unknown-scheme"],
  },
  {
    name: "reads headers in one case only",
    conduct: () => ({
      header: (request, name) => {
        const at = request.rawHeaders.indexOf(name);
        return at < 0 ? undefined : request.rawHeaders[at + 1];
      },
    }),
    fails: ["header-case"],
  },
  {
    name: "trims the body",
    conduct: () => ({ signed: (timestamp, raw) => `${timestamp}.${raw.toString().trim()}` }),
    // The body that is not JSON ends with a space: it is refused with 401, which is a 4xx as well.
    fails: ["raw-bytes"],
  },
  {
    name: "reads the body as Latin-1",
    conduct: () => ({ signed: (timestamp, raw) => `${timestamp}.${raw.toString("latin1")}` }),
    fails: ["non-ascii-body"],
  },
  {
    name: "answers before it checks",
    conduct: () => ({ hastily: 200 }),
    fails: [
      "missing-timestamp",
      "malformed-timestamp",
      "stale-timestamp",
      "future-timestamp",
      "not-json",
      "missing-signature",
      ...badSignatures,
    ],
  },
  {
    name: "answers 500 to bad JSON",
    conduct: () => ({ take: (raw) => (eventOf(raw) === undefined ? 400 : 200) }),
    fails: ["not-json"],
  },
  {
    name: "checks a signature only where there is one",
    conduct: () => ({ complete: (_signature, timestamp) => timestamp !== undefined, matches: emptyOrRight }),
    fails: ["missing-signature", "empty-signature"],
  },
  {
    name: "asks only whether there is a signature",
    conduct: () => ({ matches: () => true }),
    fails: badSignatures,
  },
  {
    name: "accepts any beginning of the right signature",
    conduct: () => ({
      matches: (signature, expected) => knownParts(signature).some((part) => expected.startsWith(part)),
    }),
    fails: ["empty-signature", "malformed-signature"],
  },
  {
    name: "takes now for a timestamp that is missing",
    conduct: () => ({ complete: (signature) => Boolean(signature) }),
    fails: ["missing-timestamp"],
  },
  {
    name: "answers a GET with 200",
    conduct: () => ({ otherMethod: 200 }),
    fails: ["get-refused"],
  },
  {
    name: "refuses events that it doesn't know",
    conduct: () => ({
      take: (raw) => (/"event":\s*"proof\./.test(raw.toString()) ? 400 : takeJson(raw)),
    }),
    fails: ["unknown-event"],
  },
  {
    name: "refuses an event that it had before",
    conduct: () => {
      const seen = new Set<string | undefined>();
      return {
        take: (raw, request) => {
          const id = headerOf(request, "X-Event-ID");
          if (seen.has(id)) return 409;
          seen.add(id);
          return takeJson(raw);
        },
      };
    },
    fails: ["same-event-twice"],
  },
  {
    name: "redirects",
    conduct: () => ({ take: (raw) => (takeJson(raw) === 200 ? 308 : 400) }),
    fails: allGood,
    notAccepted: [...allTold],
  },
  {
    name: "works before it answers, for too long",
    conduct: () => ({
      take: async (raw) => {
        const status = takeJson(raw);
        if (status === 200) await sleep(slownessMs);
        return status;
      },
    }),
    fails: [...allGood, "in-time"],
    notAccepted: allTold,
    timeoutMs: 1_000,
  },
  {
    name: "caps bodies at 100 KB",
    conduct: () => ({ mostBytes: 100_000 }),
    fails: [],
    notAccepted: ["large-body"],
  },
];

function takeJson(raw: Buffer): number {
  try {
    eventOf(raw);
    return 200;
  } catch {
    return 400;
  }
}

function emptyOrRight(signature: string, expected: string): boolean {
  const [, digits = ""] = signature.split("=");
  return digits === "" || knownParts(signature).some((part) => equal(part, expected));
}
