import type { DoctorCause, Step } from "./cause";
import type { TimeState } from "./states";

const mostRead = 65_536;
const isoDate = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?/;
const ownDate = new RegExp(String.raw`(?:timestamp|createdAt)[^0-9]{1,8}(${isoDate.source}|\d{10}(?!\d)|\d{13}(?!\d))`);

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Math.floor(Number(text) / (text.length === 13 ? 1000 : 1));
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}

/** When the event happened, by its own word; the text is read loosely, for the body may be damaged. */
function envelopeDate(body: Uint8Array): string | undefined {
  const text = Buffer.from(body.subarray(0, mostRead)).toString("latin1");
  return ownDate.exec(text)?.[1] ?? isoDate.exec(text)?.[0];
}

/** The second at a place of those around one, the nearest first; the later first, for an event is signed after it. */
function secondAt(place: number, centre: number): number {
  return place % 2 === 1 ? centre + (place + 1) / 2 : centre - place / 2;
}

/** One of very many: what explains it is made only when it matched. */
class LostTime implements TimeState {
  readonly text: string;

  constructor(
    second: number,
    private readonly cause: DoctorCause,
  ) {
    this.text = String(second);
  }

  get steps(): readonly Step[] {
    return [{ cause: this.cause, note: `with the timestamp ${this.text} put back` }];
  }
}

/** How far the search for a lost timestamp goes, in seconds to both sides. */
export const lostReach = { minutes: 600, hour: 3600, day: 86_400 } as const;

/**
 * The timestamps that may have been signed when the header was lost: every second around the envelope's own timestamp,
 * and up to an hour around now.
 * @param body what arrived
 * @param now Unix seconds
 * @param cause who explains it: the header is missing, or unreadable
 * @param reach seconds to both sides
 * @returns times that can be gone through several times
 */
export function lostTimestamps(body: Uint8Array, now: number, cause: DoctorCause, reach: number): Iterable<TimeState> {
  const present = Math.floor(now);
  const own = secondsOf(envelopeDate(body)) ?? present;
  return {
    *[Symbol.iterator]() {
      for (let place = 0; place <= 2 * reach; place++) yield new LostTime(secondAt(place, own), cause);
      for (let place = 0; place <= 2 * Math.min(reach, lostReach.hour); place++) {
        const second = secondAt(place, present);
        if (Math.abs(second - own) > reach) yield new LostTime(second, cause);
      }
    },
  };
}

/**
 * What a handler may sign that does not take the timestamp from its header: the body's own date, or its own clock.
 * @param body what the handler got
 * @param sent the header's text
 * @param cause who explains it
 * @returns none around a header that is no Unix time
 */
export function* otherClocks(body: Uint8Array, sent: string, cause: DoctorCause): Generator<TimeState> {
  const date = envelopeDate(body);
  const seconds = secondsOf(date);
  for (const text of [date, seconds && String(seconds), seconds && String(seconds * 1000)]) {
    if (text) yield { text, steps: [{ cause, note: `the body's own date (${text}) in place of the header's` }] };
  }
  const centre = /^\d{10}$/.test(sent) ? Number(sent) : undefined;
  for (let place = 1; centre !== undefined && place <= 2 * lostReach.minutes; place++) {
    const text = String(secondAt(place, centre));
    yield { text, steps: [{ cause, note: `the time ${text}, as of its own clock, in place of the header's` }] };
  }
}
