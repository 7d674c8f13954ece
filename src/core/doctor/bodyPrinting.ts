import type { BodyVariants, DoctorCause, SlowBodyVariants } from "./cause";
import { otherDates } from "./json/dates";
import { emptiesOf, withEmpties, type Empty } from "./json/empties";
import { envelopeMembers } from "./json/members";
import { handlerStyles, printStyles, reprint, valueSpan, type PrintStyle } from "./json/reprint";
import { spokenForms } from "./json/spoken";
import { rawBody } from "./mending/rawBody";
import type { Pace } from "./pace";

async function* printed(body: Uint8Array, styles: readonly PrintStyle[], pace: Pace): SlowBodyVariants {
  for (const style of styles) {
    const value = await reprint(body, style, pace);
    if (value) yield { value, note: `printed ${style.name}`, ...(style === printStyles[0] && { settles: true }) };
  }
}

/** Beyond this size a scan for empties or dates would block the thread. */
const mostScanned = 2_000_000;
const mostEmpties = 10_000;
/** So many empties have a thousand subsets. */
const fewEmpties = 10;

const swaps = [
  ["[]", "{}", "with {} in place of its empty arrays"],
  ["{}", "[]", "with [] in place of its empty objects"],
] as const satisfies readonly (readonly [from: Empty, to: Empty, note: string])[];

function* otherEmpties(body: Uint8Array): BodyVariants {
  if (body.length > mostScanned) return;
  for (const [from, to, note] of swaps) {
    const places = emptiesOf(body, from, mostEmpties);
    if (places.length > 0) yield { value: withEmpties(body, places, to), note };
  }
}

/** Some of the empties: which of them were of the other kind can't be seen. */
function* someEmpties(body: Uint8Array): BodyVariants {
  if (body.length > mostScanned) return;
  for (const [from, to, note] of swaps) {
    const places = emptiesOf(body, from, fewEmpties + 1);
    if (places.length > fewEmpties) continue;
    for (let choice = 1; choice < 2 ** places.length - 1; choice++) {
      const chosen = places.filter((_, index) => choice & (1 << index));
      yield { value: withEmpties(body, chosen, to), note: note.replace("its", "some of its") };
    }
  }
}

function* dated(body: Uint8Array): BodyVariants {
  for (const [note, value] of otherDates(body)) yield { value, note };
}

/** What languages make of a parsed object that is put into a text; the first three show nothing of it. */
const textsOfObjects = ["[object Object]", "Array", "System.Object"];

/** The member with the event's own content, which some handlers take for the body. */
function dataAlone(body: Uint8Array): Uint8Array | undefined {
  const data = envelopeMembers(body)?.find(({ key }) => key === "data");
  return data && body.subarray(data.valueStart, data.end);
}

async function* inHandler(body: Uint8Array, pace: Pace): SlowBodyVariants {
  for (const text of textsOfObjects) yield { value: Buffer.from(text), note: `the text "${text}" of a parsed body` };
  const data = dataAlone(body);
  if (data) yield { value: data, note: "its member data alone" };
  yield* printed(body, handlerStyles, pace);
  for (const [note, value] of spokenForms(body)) yield { value, note };
  if (body.length > 200_000) return;
  yield { value: Buffer.from(JSON.stringify(Buffer.from(body))), note: "JSON.stringify of a Buffer" };
}

export const reserialized: DoctorCause = {
  id: "body.reserialized",
  loses: "white space of no common style, and which of many empty objects became arrays",
  async *bodies(body, pace) {
    yield* printed(body, printStyles, pace);
    yield* otherEmpties(body);
    yield* dated(body);
  },
  rareBodies: someEmpties,
  levelling: {
    note: "with the stored body's white space",
    level: async (body, pace) => {
      const { start, end } = valueSpan(body);
      const [compact] = printStyles;
      return compact && reprint(body.subarray(start, end), compact, pace);
    },
  },
  handlerBodies: inHandler,
  happened: "The body was parsed and printed again on the way",
  inHandler: "The handler signs a body that was parsed and printed again",
  change: "Check the raw bytes that arrived, before anything parses them, and let nothing in front print them again.",
  mending: rawBody,
};
