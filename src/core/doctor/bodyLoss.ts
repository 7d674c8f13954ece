import { utf8 } from "./bytes";
import type { BodyVariants, DoctorCause } from "./cause";
import { keepBytes, rawBody, wholeBody } from "./mending/rawBody";

export const truncated: DoctorCause = {
  id: "body.truncated",
  loses: "what was cut off",
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

export const empty: DoctorCause = {
  id: "body.empty",
  loses: "the whole body",
  handlerBodies: nothing,
  happened: "The body is empty: something read it before",
  inHandler: "The handler signs no body: something read the stream before it, or the raw body was never kept",
  change: "Read the raw body once, before any parser, and keep its bytes for the check.",
  mending: keepBytes,
};

export const altered: DoctorCause = {
  id: "body.altered",
  loses: "what was changed",
  happened: "The body was changed on the way",
  change:
    "Find out what stands between PacSpace and the handler (proxy, firewall, middleware) and let it pass the body on unchanged.",
  mending: rawBody,
};
