import { altered, empty, truncated } from "./bodyLoss";
import { charset } from "./bodyCharset";
import { htmlEscapes, slashEscapes, unicodeEscapes } from "./bodyEscapes";
import { reserialized } from "./bodyPrinting";
import { BodyLevels } from "./bodyLevels";
import { keyOrder, numberFormat } from "./bodyTokens";
import { sameBytes } from "./bytes";
import type { DoctorCause } from "./cause";
import { editEscapes } from "./json/escapes";
import { byKey, sortedThroughout } from "./json/members";
import { asJavaScript, numberTokens, withNumbers } from "./json/numbers";
import { printStyles, reprint, valueSpan } from "./json/reprint";
import type { Pace } from "./pace";
import { withoutDetours } from "./shorterPath";
import type { BodyState } from "./states";
import { counted } from "../model/counted";

/** Up to this size pairs of causes are tried. */
const smallEnough = 200_000;
/** Up to this size tokens are compared. */
const readable = 4_000_000;

/** Takes one kind of difference away from a body. */
interface Levelling {
  readonly cause: DoctorCause;
  readonly note: string;
  readonly level: (body: Uint8Array, pace: Pace) => Promise<Uint8Array | undefined>;
}

const compactStyle = printStyles[0];
const longEscape = 6;

const levellings: readonly Levelling[] = [
  {
    cause: slashEscapes,
    note: "with its slashes written as in the stored body",
    level: (body, pace) => editEscapes(body, { escape: (escape) => (escape === "\\/" ? "/" : undefined) }, pace),
  },
  {
    cause: htmlEscapes,
    note: "with < > & and their like written as in the stored body",
    level: (body, pace) =>
      editEscapes(
        body,
        {
          escape: (escape, code) => {
            if (escape.length < longEscape || code < 0x20 || code >= 0x7f || code === 0x5c) return undefined;
            return code === 0x22 ? '\\"' : String.fromCharCode(code);
          },
        },
        pace,
      ),
  },
  {
    cause: unicodeEscapes,
    note: "with its escapes written as in the stored body",
    level: (body, pace) =>
      editEscapes(
        body,
        {
          escape: (escape, code) => {
            if (code >= 0x80 && (code < 0xd800 || code > 0xdfff)) return code;
            return escape.length >= longEscape ? escape.toLowerCase() : undefined;
          },
        },
        pace,
      ),
  },
  {
    cause: numberFormat,
    note: "with its numbers written as in the stored body",
    level: async (body, pace) =>
      withNumbers(body, await numberTokens(body, 200_000, pace), ({ text }) => asJavaScript(text), pace),
  },
  {
    cause: keyOrder,
    note: "with its keys in the stored body's order",
    level: (body, pace) => sortedThroughout(body, byKey, pace),
  },
  {
    cause: reserialized,
    note: "with the stored body's white space",
    level: async (body, pace) => {
      const { start, end } = valueSpan(body);
      return compactStyle && reprint(body.subarray(start, end), compactStyle, pace);
    },
  },
  {
    cause: charset,
    note: "with the stored body's characters in place of those that were lost",
    level: (body) => Promise.resolve(body.filter((byte) => byte < 0x80 && byte !== 0x3f)),
  },
];

async function levelled(body: Uint8Array, chosen: readonly Levelling[], pace: Pace): Promise<Uint8Array> {
  let bytes = body;
  for (const { level } of chosen) {
    bytes = (await level(bytes, pace)) ?? bytes;
    if (pace.due()) await pace.turn();
  }
  return bytes;
}

/** The kinds of difference between two bodies, when they are of the known kinds only: no fewer explain it. */
async function knownDifferences(
  received: Uint8Array,
  stored: Uint8Array,
  pace: Pace,
): Promise<readonly Levelling[] | undefined> {
  if (Math.max(received.length, stored.length) > readable) return undefined;
  const equalBy = async (chosen: readonly Levelling[]): Promise<boolean> =>
    sameBytes(await levelled(received, chosen, pace), await levelled(stored, chosen, pace));
  // Lost characters are left out of the comparison only where some were: it is the coarsest of the means.
  const lost = Buffer.from(received).includes("\ufffd") || received.includes(0x3f);
  let needed = levellings.filter(({ cause }) => cause !== charset || lost);
  if (!(await equalBy(needed))) return undefined;
  for (const candidate of needed.toReversed()) {
    const fewer = needed.filter((other) => other !== candidate);
    if (await equalBy(fewer)) needed = fewer;
  }
  return needed;
}

async function damagedTo(received: Uint8Array, stored: Uint8Array, pace: Pace): Promise<BodyState | undefined> {
  const levels = new BodyLevels([{ bytes: received }], "request", pace);
  const isSmall = received.length <= smallEnough;
  for (const [from, depth] of [
    [levels, 1],
    ...(isSmall ? ([[levels, 2]] as const) : []),
    [await levels.settled(), 0],
    ...(isSmall ? ([[await levels.settled(), 1]] as const) : []),
  ] as const) {
    for await (const state of from.at(depth)) if (sameBytes(state.bytes, stored)) return withoutDetours(state, pace);
  }
  return undefined;
}

/**
 * Explains how a received body came out of the stored one, which differs and is known to be genuine. No HMAC is
 * needed: that the undone damage gives equal bytes is the proof.
 * @param received the body as it arrived
 * @param stored the body as it was sent
 * @returns the stored body as a state whose steps are the causes
 */
export async function explainedBy(received: Uint8Array, stored: Uint8Array, pace: Pace): Promise<BodyState> {
  const start: BodyState = { bytes: received };
  const ending = (cause: DoctorCause, note: string): BodyState => ({
    bytes: stored,
    step: { cause, note },
    from: start,
  });
  if (received.length === 0) return ending(empty, `with the ${counted(stored.length, "byte")} of the stored body`);
  const damaged = await damagedTo(received, stored, pace);
  if (damaged !== undefined) return damaged;
  if (received.length < stored.length && sameBytes(received, stored.subarray(0, received.length))) {
    return ending(truncated, `only ${received.length} of ${stored.length} bytes are here`);
  }
  const differences = await knownDifferences(received, stored, pace);
  if (differences === undefined || differences.length === 0) {
    return ending(altered, "with the stored body's bytes");
  }
  return differences.reduce<BodyState>(
    (from, { cause, note }) => ({ bytes: stored, step: { cause, note }, from }),
    start,
  );
}
