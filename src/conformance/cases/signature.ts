import { accepted, refused, told } from "../judging";
import type { ProofCase } from "../proofCase";

const checkAlways = "Refuse a request without the header before anything else is done with it.";
const lookAtEach =
  "Split the signature header at commas, trim the parts, leave out those that don't begin with v1=, and accept the " +
  "request when any one of the rest is right.";

/** The same 64 digits, but for the lowest bit of the last one. */
function oneBitOff(hex: string): string {
  return hex.slice(0, -1) + (parseInt(hex.slice(-1), 16) ^ 1).toString(16);
}

/** Cases on the signature header. Facts: signature verification page; several values: SDK. */
export const signatureCases: readonly ProofCase[] = [
  {
    id: "wrong-signature",
    title: "A signature with one bit changed is refused",
    requests: (make) => [
      make.delivery("a signature with one bit changed", { signature: (hex) => `v1=${oneBitOff(hex)}` }),
    ],
    judge: refused("Check the signature before the answer is sent, and compare all of it."),
  },
  {
    id: "missing-signature",
    title: "A request without a signature is refused",
    requests: (make) => [make.delivery("a request without X-PacSpace-Signature", { signature: () => null })],
    judge: refused(checkAlways),
  },
  {
    id: "other-body-signature",
    title: "The signature of another body is refused",
    requests: (make) => {
      const timestamp = make.secondsFromNow(0);
      const signature = (): string => `v1=${make.sign(timestamp, make.payload("delta.failed"))}`;
      return [make.delivery("the signature of another body", { timestamp, signature })];
    },
    judge: refused("Compute the HMAC over the timestamp, a dot and this request's own body."),
  },
  {
    id: "two-values",
    title: "A header with two values is accepted when either is right",
    requests: (make) => [
      make.delivery("two signatures of which the second is right", {
        signature: (hex) => `v1=${"0".repeat(64)},v1=${hex}`,
      }),
      make.delivery("two signatures of which the first is right", {
        signature: (hex) => `v1=${hex}, v1=${"0".repeat(64)}`,
      }),
    ],
    judge: accepted(`For a day after a rotation PacSpace signs with both secrets. ${lookAtEach}`),
  },
  {
    id: "unknown-scheme",
    title: "A right value beside one of an unknown scheme is accepted",
    requests: (make) => [
      make.delivery("a right signature behind one of an unknown scheme", {
        signature: (hex) => `v2=${"0".repeat(32)},v1=${hex}`,
      }),
    ],
    judge: accepted(lookAtEach),
  },
  {
    id: "header-case",
    title: "Header names are read without regard to case",
    requests: (make) => [
      make.delivery("header names in lower case", { name: (name) => name.toLowerCase() }),
      make.delivery("header names in upper case", { name: (name) => name.toUpperCase() }),
    ],
    judge: accepted("Proxies change the case of header names: ask the framework for a header, not a list of your own."),
  },
  {
    id: "upper-case-hex",
    title: "A right signature in upper-case hex",
    requests: (make) => [
      make.delivery("a right signature in upper-case hex", { signature: (hex) => `v1=${hex.toUpperCase()}` }),
    ],
    judge: told("That does no harm; PacSpace sends lower case.", "That is well: PacSpace sends lower case."),
  },
  {
    id: "empty-signature",
    title: "An empty signature is refused",
    requests: (make) => [
      make.delivery("an empty X-PacSpace-Signature", { signature: () => "" }),
      make.delivery("the signature “v1=” without a digit", { signature: () => "v1=" }),
    ],
    judge: refused("Compare lengths first: an empty value is no signature, and no beginning of one counts."),
  },
  {
    id: "malformed-signature",
    title: "Signatures of a wrong length are refused and crash nothing",
    requests: (make) => [
      make.delivery("a signature of 4 digits", { signature: (hex) => `v1=${hex.slice(0, 4)}` }),
      make.delivery("a signature of 66 digits", { signature: (hex) => `v1=${hex}00` }),
      make.delivery("a signature of 64 characters with an é among them", {
        signature: (hex) => `v1=${hex.slice(0, -1)}é`,
      }),
    ],
    judge: refused(
      "Compare the lengths in bytes before the constant-time comparison, which throws or is wrong on unequal ones.",
    ),
  },
];
