import type { DoctorCause, SlowBodyVariants } from "./cause";
import { byKey, byLength, envelopeMembers, membersAt, sortedThroughout, withOrder, type Member } from "./json/members";
import {
  asJavaScript,
  asPython,
  numberTokens,
  otherForms,
  roundedFrom,
  withNumbers,
  type NumberToken,
} from "./json/numbers";
import { rawBody } from "./mending/rawBody";
import type { Pace } from "./pace";

/** The envelope's keys in the order PacSpace sends them, and those of the events whose data is published (event types page, SDK). */
const envelopeOrder = ["id", "event", "tenantId", "timestamp", "createdAt", "data"];
const dataOrders = [
  [
    "recordId",
    "receiptId",
    "verificationReference",
    "customerId",
    "delta",
    "sequenceNumber",
    "referenceId",
    "blockTimestamp",
  ],
  ["recordId", "customerId", "delta", "error", "failedAt"],
];

/** The members in a known order; keys that it does not know come last, in their present order. */
function ranked(members: readonly Member[], order: readonly string[]): readonly Member[] {
  const rank = (member: Member): number => {
    const place = order.indexOf(member.key);
    return place < 0 ? order.length : place;
  };
  return members.toSorted((left, right) => rank(left) - rank(right));
}

function dataMembers(body: Uint8Array): readonly Member[] | undefined {
  const data = envelopeMembers(body)?.find((member) => member.key === "data");
  return data && membersAt(body, data.valueStart, data.end);
}

/** Every order but the present one. */
function* permutations<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  if (items.length <= 1) yield items;
  else {
    for (const [index, first] of items.entries()) {
      for (const rest of permutations(items.toSpliced(index, 1))) yield [first, ...rest];
    }
  }
}

const mostPermuted = 6;

async function* knownOrders(body: Uint8Array, pace: Pace): SlowBodyVariants {
  const members = envelopeMembers(body);
  if (members !== undefined) {
    const note = "with the keys in the order that PacSpace sends them";
    const ordered = withOrder(body, members, ranked(members, envelopeOrder));
    yield { value: ordered, note, settles: true };
    const data = dataMembers(ordered);
    for (const order of data ? dataOrders : [])
      yield { value: withOrder(ordered, data ?? [], ranked(data ?? [], order)), note };
  }
  const sorted = await sortedThroughout(body, byKey, pace);
  if (sorted) yield { value: sorted, note: "with the keys of every object sorted" };
}

async function* databaseOrder(body: Uint8Array, pace: Pace): SlowBodyVariants {
  const sorted = await sortedThroughout(body, byLength, pace);
  if (sorted) yield { value: sorted, note: "with the shorter keys first, as PostgreSQL's jsonb and MySQL keep them" };
}

async function* otherOrders(body: Uint8Array, pace: Pace): SlowBodyVariants {
  const top = envelopeMembers(body);
  if (top === undefined || body.length > 100_000) return;
  const note = "with the keys in another order";
  const envelopes = top.length <= 4 ? [...permutations(top)] : [ranked(top, envelopeOrder)];
  for (const order of envelopes) yield { value: withOrder(body, top, order), note };
  for (const order of envelopes.length > 1 ? [ranked(top, envelopeOrder), ...envelopes] : envelopes) {
    const envelope = withOrder(body, top, order);
    const data = dataMembers(envelope);
    if (data === undefined || data.length > mostPermuted) continue;
    for (const inner of permutations(data)) {
      yield { value: withOrder(envelope, data, inner), note };
      if (pace.due()) await pace.turn();
    }
  }
}

export const keyOrder: DoctorCause = {
  id: "body.keyOrder",
  loses: "the order of keys, unless the envelope's known order or one of few other orders fits",
  bodies: knownOrders,
  rareBodies: otherOrders,
  handlerBodies: databaseOrder,
  levelling: {
    note: "with its keys in the stored body's order",
    level: (body, pace) => sortedThroughout(body, byKey, pace),
  },
  happened: "The keys of the body came into another order on the way",
  inHandler: "The handler prints the body again with its keys in another order",
  change: "Check the raw bytes; maps of Go and Rust, sort_keys and some databases print keys in an order of their own.",
  mending: rawBody,
};

const fewNumbers = 8;
const manyNumbers = 256;
const fewForms = 4;
const mostSubsets = 10;

const wholesale: readonly (readonly [string, (text: string) => string | undefined])[] = [
  ["with its numbers as JavaScript prints them", asJavaScript],
  ["with its numbers as Python prints them", asPython],
  ["with .0 behind its whole numbers", (text) => (/^-?\d+$/.test(text) ? `${text}.0` : undefined)],
  ["without .0 behind its whole numbers", (text) => (/^-?\d+\.0+$/.test(text) ? text.replace(/\.0+$/, "") : undefined)],
];

async function* commonNumbers(body: Uint8Array, pace: Pace): SlowBodyVariants {
  const tokens = await numberTokens(body, 100_000, pace);
  for (const [note, write] of wholesale) {
    const value = await withNumbers(body, tokens, (token) => write(token.text), pace);
    if (value) yield { value, note };
  }
  if (tokens.length <= fewNumbers) yield* singleNumbers(body, tokens, fewForms, pace);
}

async function* singleNumbers(
  body: Uint8Array,
  tokens: readonly NumberToken[],
  most: number,
  pace: Pace,
): SlowBodyVariants {
  for (const [place, token] of tokens.entries()) {
    for (const form of otherForms(token.text).slice(0, most)) {
      const value = await withNumbers(body, tokens, (_, index) => (index === place ? form : undefined), pace);
      if (value) yield { value, note: `with ${shown(form)} in place of ${shown(token.text)}` };
      if (pace.due()) await pace.turn();
    }
  }
}

async function* rareNumbers(body: Uint8Array, pace: Pace): SlowBodyVariants {
  const tokens = await numberTokens(body, manyNumbers, pace);
  yield* singleNumbers(body, tokens, Infinity, pace);
  yield* numberSubsets(body, tokens, pace);
  for (const [place, token] of tokens.entries()) {
    for (const exact of roundedFrom(token.text)) {
      const value = await withNumbers(body, tokens, (_, index) => (index === place ? exact : undefined), pace);
      if (value) yield { value, note: `with ${shown(exact)}, which a parser rounded to ${shown(token.text)}` };
      if (pace.due()) await pace.turn();
    }
  }
}

/** Some whole numbers with .0, the others without: every choice, where they are few. */
async function* numberSubsets(body: Uint8Array, tokens: readonly NumberToken[], pace: Pace): SlowBodyVariants {
  const toggled = tokens.flatMap((token, index) => (/^-?\d+(?:\.0)?$/.test(token.text) ? [index] : []));
  if (toggled.length > mostSubsets) return;
  for (let choice = 0; choice < 2 ** toggled.length; choice++) {
    const write = (token: NumberToken, index: number): string | undefined => {
      const place = toggled.indexOf(index);
      const whole = token.text.replace(".0", "");
      return place < 0 ? undefined : choice & (1 << place) ? `${whole}.0` : whole;
    };
    const value = await withNumbers(body, tokens, write, pace);
    if (value) yield { value, note: "with .0 behind some of its whole numbers only" };
    if (pace.due()) await pace.turn();
  }
}

function shown(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 37)}…`;
}

export const numberFormat: DoctorCause = {
  id: "body.numberFormat",
  loses: "digits of big integers that were rounded, and which of many numbers had another form",
  bodies: commonNumbers,
  rareBodies: rareNumbers,
  levelling: {
    note: "with its numbers written as in the stored body",
    level: async (body, pace) =>
      withNumbers(body, await numberTokens(body, 200_000, pace), ({ text }) => asJavaScript(text), pace),
  },
  happened: "Numbers were written in another form when the body was printed again",
  inHandler: "The handler prints the body again with its numbers in another form",
  change: "Check the raw bytes; parsers turn 1.0 into 1, 1e3 into 1000, and round integers beyond 2^53.",
  mending: rawBody,
};
