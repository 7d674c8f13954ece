import { accepted, refused, told } from "../judging";
import type { ProofCase } from "../proofCase";

const megabyte = 1_000_000;

/** Cases on the body. Facts: signature verification page; what must be a JSON object: SDK. */
export const bodyCases: readonly ProofCase[] = [
  {
    id: "non-ascii-body",
    title: "A body with letters beyond ASCII is accepted",
    requests: (make) => [
      make.delivery("a body with letters beyond ASCII", {
        body: `{"event":"delta.verified","timestamp":"${new Date().toISOString()}","data":{"name":"Zoë 東京 🛰"}}`,
      }),
    ],
    judge: accepted("Sign the bytes as they came, or decode them as UTF-8; no other encoding, and no \\u escapes."),
  },
  {
    id: "raw-bytes",
    title: "The signature is checked over the bytes as they came",
    requests: (make) => {
      const plain = make.payload("delta.verified");
      const data = (value: string): string => `${plain.slice(0, -2)},"proof":${value}}}`;
      return [
        make.delivery("a body with the number 1.0", { body: data("1.0") }),
        make.delivery("a body with escaped slashes", { body: data(String.raw`"a\/b"`) }),
        make.delivery("a body with spaces between its members", {
          body: JSON.stringify(JSON.parse(plain), undefined, 2),
        }),
        make.delivery("a body that ends with a newline", { body: `${plain}\n` }),
      ];
    },
    judge: accepted(
      "Compute the HMAC over the raw body, before any parser: printed again, parsed JSON has other bytes. Don't trim it.",
    ),
  },
  {
    id: "unknown-event",
    title: "An event of an unknown type is accepted",
    requests: (make) => [make.delivery("an event of an unknown type", { event: "proof.unheard_of" })],
    judge: accepted("Answer 2xx to types that you don't handle: every webhook gets all of them, new ones too."),
  },
  {
    id: "large-body",
    title: "A body of 1 MB",
    requests: (make) => [
      make.delivery("a body of 1 MB", {
        body: `{"event":"delta.verified","timestamp":"${new Date().toISOString()}","data":{"pad":"${"x".repeat(megabyte)}"}}`,
      }),
    ],
    judge: told(
      "Large events get through.",
      "Many frameworks cap bodies at 100 KB: raise the limit if events may be large.",
    ),
  },
  {
    id: "not-json",
    title: "A signed body that is not JSON is refused without an error of the server's",
    requests: (make) => [
      make.delivery("a signed body that is not JSON", { body: '{"event": ' }),
      make.delivery("a signed body without a byte", { body: "" }),
      make.delivery("a signed body that is not UTF-8", { body: Uint8Array.of(0x7b, 0xff, 0x22) }),
    ],
    judge: refused(
      "Parse the body after the check, and answer 400 when that fails.",
      "It should answer 4xx, best 400.",
    ),
  },
];
