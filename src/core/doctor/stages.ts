import { lostReach } from "./lostTimestamp";
import type { Stage } from "./search";
import type { TimeState } from "./states";

const small = 16_384;
const medium = 200_000;
const large = 2_000_000;

/** One change at a time, with every key: made always, whatever the time. */
export const requestSingles: readonly Stage[] = [
  { family: "the signature's form", whose: "all" },
  { family: "the timestamp's form", time: "otherForms", whose: "all" },
  { family: "the body", body: 1, whose: "all" },
  { family: "the secret", key: 1, whose: "all" },
];

/** For a request whose timestamp is lost or unreadable: nothing else can match before it is found. */
export function lostTimestampStages(within: (reach: number) => Iterable<TimeState>): readonly Stage[] {
  const family = "the lost timestamp";
  const { minutes, hour, day } = lostReach;
  return [
    { family, time: within(hour), whose: "addressed" },
    { family, time: within(hour), whose: "others", upTo: medium },
    { family, time: within(hour), key: 1, whose: "addressed", upTo: medium },
    { family, time: within(hour), body: 1, whose: "addressed", upTo: small },
    { family, time: within(day), whose: "addressed", upTo: small },
    { family, time: within(minutes), body: 2, whose: "addressed", upTo: small },
  ];
}

/** Several changes at a time and those that take many tries: the likeliest first, while time allows. */
export const requestPairs: readonly Stage[] = [
  { family: "the body, undone step by step", settled: true, whose: "all" },
  { family: "timestamp and secret", time: "otherForms", key: 1, whose: "addressed" },
  { family: "timestamp and body", time: "otherForms", body: 1, whose: "addressed" },
  { family: "body and secret", body: 1, key: 1, whose: "addressed" },
  { family: "two changes of the body", body: 2, whose: "addressed" },
  { family: "two changes of the secret", key: 2, whose: "all" },
  { family: "every millisecond", time: "rare", whose: "addressed", upTo: large },
  { family: "numbers and key orders", rareBody: true, whose: "addressed", upTo: medium },
  { family: "body and secret", body: 1, key: 1, whose: "others" },
  { family: "two changes of the body", body: 2, whose: "others" },
  { family: "timestamp and secret", time: "otherForms", key: 1, whose: "others" },
  { family: "timestamp and body", time: "otherForms", body: 1, whose: "others" },
];

export const requestTriples: readonly Stage[] = [
  { family: "the body, undone step by step", settled: true, body: 1, whose: "all", upTo: large },
  { family: "the body, undone step by step", settled: true, key: 1, whose: "addressed", upTo: large },
  { family: "the body, undone step by step", settled: true, time: "otherForms", whose: "addressed", upTo: large },
  { family: "numbers and key orders", settled: true, rareBody: true, whose: "addressed", upTo: medium },
  { family: "numbers and key orders", rareBody: true, time: "otherForms", whose: "addressed", upTo: small },
  { family: "numbers and key orders", rareBody: true, key: 1, whose: "addressed", upTo: small },
  { family: "numbers and key orders", rareBody: true, whose: "others", upTo: small },
  { family: "three changes", body: 1, key: 1, time: "otherForms", whose: "addressed", upTo: large },
  { family: "three changes", body: 2, key: 1, whose: "addressed", upTo: large },
  { family: "three changes", body: 2, time: "otherForms", whose: "addressed", upTo: large },
  { family: "numbers and key orders", body: 1, rareBody: true, whose: "addressed", upTo: small },
  { family: "the body, undone step by step", settled: true, body: 2, whose: "addressed", upTo: medium },
  { family: "the body, undone step by step", settled: true, body: 1, key: 1, whose: "addressed", upTo: small },
  { family: "three changes", body: 3, whose: "addressed", upTo: medium },
];

/** What a handler may do wrong, one thing at a time. */
export const handlerSingles: readonly Stage[] = [
  { family: "the handler's value", whose: "all" },
  { family: "the handler's signing string", form: 1, whose: "all" },
  { family: "the handler's body", body: 1, whose: "all" },
  { family: "the handler's secret", key: 1, whose: "all" },
  { family: "the handler's timestamp", time: "otherForms", whose: "all" },
];

const handlerRest: readonly Stage[] = [
  { family: "two faults of the handler", form: 1, body: 1, whose: "addressed", upTo: large },
  { family: "two faults of the handler", form: 1, key: 1, whose: "addressed", upTo: large },
  { family: "two faults of the handler", form: 1, time: "otherForms", whose: "addressed", upTo: large },
  { family: "two faults of the handler", body: 1, key: 1, whose: "addressed", upTo: large },
  { family: "two faults of the handler", body: 1, time: "otherForms", whose: "addressed", upTo: large },
  { family: "two faults of the handler", key: 1, time: "otherForms", whose: "addressed", upTo: large },
  { family: "two faults of the handler", body: 2, whose: "addressed", upTo: large },
  { family: "two faults of the handler", key: 2, whose: "addressed", upTo: large },
  { family: "numbers and key orders", rareBody: true, whose: "addressed", upTo: medium },
  { family: "a body parsed and printed by the handler", settled: true, body: 1, whose: "addressed", upTo: large },
  { family: "a body parsed and printed by the handler", settled: true, body: 2, whose: "addressed", upTo: medium },
  {
    family: "a body parsed and printed by the handler",
    settled: true,
    form: 1,
    body: 1,
    whose: "addressed",
    upTo: small,
  },
  { family: "three faults of the handler", form: 1, body: 1, key: 1, whose: "addressed", upTo: small },
  { family: "three faults of the handler", body: 2, key: 1, whose: "addressed", upTo: small },
  { family: "three faults of the handler", form: 1, body: 2, whose: "addressed", upTo: small },
  { family: "three faults of the handler", body: 3, whose: "addressed", upTo: small },
  { family: "a body parsed and printed by the handler", settled: true, body: 3, whose: "addressed", upTo: small },
  { family: "four faults of the handler", form: 1, body: 3, whose: "addressed", upTo: small },
];

/** @param clocks what a handler may sign in place of the timestamp header's text */
export function handlerStages(clocks: Iterable<TimeState>): readonly Stage[] {
  return [{ family: "the handler's own clock", time: clocks, whose: "addressed", upTo: medium }, ...handlerRest];
}
