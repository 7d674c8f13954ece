import { altered, empty, truncated } from "./bodyLoss";
import { base64, compressed, doubleEncoded, formEncoded } from "./bodyEncoding";
import { charset } from "./bodyCharset";
import { htmlEscapes, slashEscapes, unicodeEscapes } from "./bodyEscapes";
import { byteOrderMark, lineEndings, trailingNewline, whitespace } from "./bodyLayout";
import { logged } from "./bodyLogged";
import { reserialized } from "./bodyPrinting";
import { keyOrder, numberFormat } from "./bodyTokens";
import type { DoctorCause } from "./cause";
import { notASecret } from "./notASecret";
import {
  otherWebhook,
  previousSecret,
  secretEncoding,
  secretEscaped,
  secretPrefixed,
  secretQuoted,
  secretWhitespace,
  secretWrapped,
} from "./secretCauses";
import {
  handlerCorrect,
  signatureCase,
  signatureDecorated,
  signatureEncoding,
  signatureMissing,
  signatureMultiple,
  signaturePrefix,
  signatureTruncated,
} from "./signatureCauses";
import { bodyOnly, newline, order, otherDigest, separator } from "./signingStringCauses";
import { timestampFormat, timestampFuture, timestampMissing, timestampStale, timestampUnit } from "./timestampCauses";

/**
 * Every cause the doctor knows. Their order is the order they are tried in: where two explain the same bytes, the
 * first one speaks.
 */
export const allCauses: readonly DoctorCause[] = [
  signatureMissing,
  signaturePrefix,
  signatureCase,
  signatureEncoding,
  signatureDecorated,
  signatureTruncated,
  signatureMultiple,
  timestampMissing,
  timestampUnit,
  timestampFormat,
  timestampStale,
  timestampFuture,
  otherWebhook,
  previousSecret,
  secretWhitespace,
  secretQuoted,
  secretPrefixed,
  secretEncoding,
  secretEscaped,
  secretWrapped,
  notASecret,
  empty,
  // What wraps a body comes before what changes it: no settled body may have its bytes edited while they are packed.
  compressed,
  base64,
  charset,
  doubleEncoded,
  logged,
  formEncoded,
  byteOrderMark,
  lineEndings,
  trailingNewline,
  reserialized,
  slashEscapes,
  htmlEscapes,
  unicodeEscapes,
  whitespace,
  numberFormat,
  keyOrder,
  truncated,
  altered,
  bodyOnly,
  separator,
  order,
  newline,
  otherDigest,
  handlerCorrect,
];

const byId = new Map(allCauses.map((cause) => [cause.id, cause]));

/** The cause of an id that the strict check speaks of; undefined for an unknown one. */
export function causeOf(id: string): DoctorCause | undefined {
  return byId.get(id);
}
