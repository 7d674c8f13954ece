import type { DoctorCause } from "./cause";
import { compareEachValue, readHeader } from "./mending/signature";

export const signatureMissing: DoctorCause = {
  id: "signature.missing",
  loses: "the signature",
  beyondRestoring: true,
  happened: "The signature header was lost or renamed on the way",
  change: "Let the proxy pass X-PacSpace-Signature on under its own name (nginx drops names with underscores).",
  mending: readHeader,
};

export const signaturePrefix: DoctorCause = {
  id: "signature.prefix",
  failsComparison: true,
  happened: "The signature does not begin with v1=",
  inHandler: "The handler's value does not begin with v1=, as the header's does",
  change: "Put v1= before the lower-case hex digest on your side; leave the header as it comes.",
  mending: compareEachValue,
};

export const signatureCase: DoctorCause = {
  id: "signature.case",
  failsComparison: true,
  happened: "The signature's hex digits are in upper case",
  inHandler: "The handler writes the digest in upper-case hex",
  change: "Write the digest in lower-case hex.",
  mending: compareEachValue,
};

export const signatureEncoding: DoctorCause = {
  id: "signature.encoding",
  happened: "The signature's digest is not written in hex",
  inHandler: "The handler does not write the digest in hex",
  change: "Write the digest in lower-case hex, not in base64.",
  mending: compareEachValue,
};

export const signatureDecorated: DoctorCause = {
  id: "signature.decorated",
  happened: "Quotes, spaces or the like surround the signature",
  inHandler: "Quotes, spaces or the like surround the handler's value",
  change: "Take the header's text as it comes: it is not to be printed as JSON, as a list, or into a quoted field.",
  mending: compareEachValue,
};

export const signatureTruncated: DoctorCause = {
  id: "signature.truncated",
  loses: "the end of the signature; 16 hex digits of it are enough for proof",
  happened: "The signature was cut short",
  inHandler: "The handler's value was cut short",
  change: "Keep the whole value: 64 hex digits behind v1= (look for a column or a log field that is too short).",
  mending: readHeader,
};

export const signatureMultiple: DoctorCause = {
  id: "signature.multiple",
  failsComparison: true,
  happened: "The header holds several values, as after a rotation",
  change: "Split the header at its commas and accept any one value that matches.",
  mending: compareEachValue,
};

export const handlerCorrect: DoctorCause = {
  id: "handler.correct",
  happened: "The handler computed the right value",
  inHandler: "The handler computed the right value",
  change: "Look at the comparison (v1= before the hex, lower case, several values) and at the time allowed.",
  mending: compareEachValue,
};
