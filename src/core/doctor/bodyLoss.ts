import { counted } from "../model/counted";
import type { VerificationRequest } from "../signature/verify";
import { sameBytes, sliceBytes, utf8 } from "./bytes";
import type { BodyVariants, DoctorCause, Suspicion } from "./cause";
import { toldLength } from "./headerSources";
import { stringEnd, valueSpan } from "./json/reprint";
import type { Pace } from "./pace";
import { keepBytes, rawBody, wholeBody } from "./mending/rawBody";

/** Whether a body begins as JSON's object or list, and ends before its last bracket. */
async function isCutJson(body: Uint8Array, pace: Pace): Promise<boolean> {
  const { start, end } = valueSpan(body);
  let open = 0;
  for (let at = start; at < end; at++) {
    if (at % sliceBytes === 0 && pace.due()) await pace.turn();
    const byte = body[at];
    if (byte === 0x22 && open > 0) at = stringEnd(body, at) - 1;
    else if (byte === 0x7b || byte === 0x5b) open++;
    else if (byte === 0x7d || byte === 0x5d) open--;
    // Another text, or a value that is whole: what follows it was not cut off. JSON has no backslash outside its strings.
    if (open <= 0 || byte === 0x5c) return false;
  }
  return open > 0;
}

async function suspectCut({ headers, body }: VerificationRequest, pace: Pace): Promise<Suspicion | undefined> {
  if (body.length === 0 || !(await isCutJson(body, pace))) return undefined;
  const told = toldLength(headers);
  return told !== undefined && told > body.length
    ? {
        certainty: "proven",
        detail: `The body was cut short: ${body.length} of the ${told} bytes that Content-Length tells are here.`,
      }
    : { certainty: "likely", detail: "The body's JSON ends in the middle, as if it was cut short." };
}

export const truncated: DoctorCause = {
  id: "body.truncated",
  loses: "what was cut off",
  suspect: suspectCut,
  lossFrom: (received, stored) =>
    received.length < stored.length && sameBytes(received, stored.subarray(0, received.length))
      ? `only ${received.length} of ${stored.length} bytes are here`
      : undefined,
  beyondRestoring: true,
  happened: "The body was cut short",
  change: "Raise the size limit of the proxy or the framework, and read the whole body before the check.",
  mending: wholeBody,
};

function* nothing(): BodyVariants {
  yield { value: new Uint8Array(), note: "an empty body" };
  for (const text of ["undefined", "null", "None", "nil", "{}", "b''"]) {
    yield { value: utf8(text), note: `${text} in place of the body` };
  }
}

function suspectNone(told: number | undefined): Suspicion {
  return told !== undefined && told > 0
    ? {
        certainty: "proven",
        detail: `The body is empty, but Content-Length says ${counted(told, "byte")}: something read it before.`,
      }
    : { certainty: "likely", detail: "The body is empty: PacSpace's deliveries never are." };
}

export const empty: DoctorCause = {
  id: "body.empty",
  loses: "the whole body",
  handlerBodies: nothing,
  suspect: ({ headers, body }) => Promise.resolve(body.length === 0 ? suspectNone(toldLength(headers)) : undefined),
  lossFrom: (received, stored) =>
    received.length === 0 ? `with the ${counted(stored.length, "byte")} of the stored body` : undefined,
  beyondRestoring: true,
  happened: "The body is empty: something read it before",
  inHandler: "The handler signs no body: something read the stream before it, or the raw body was never kept",
  change: "Read the raw body once, before any parser, and keep its bytes for the check.",
  mending: keepBytes,
};

export const altered: DoctorCause = {
  id: "body.altered",
  loses: "what was changed",
  remaining: "with the stored body's bytes",
  beyondRestoring: true,
  happened: "The body was changed on the way",
  change:
    "Find out what stands between PacSpace and the handler (proxy, firewall, middleware) and let it pass the body on unchanged.",
  mending: rawBody,
};
