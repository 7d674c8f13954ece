import { refused, told } from "../judging";
import type { ProofCase } from "../proofCase";

const tenMinutes = 600;
const compareWithClock =
  "Refuse a timestamp that lies more than 300 seconds from this machine's clock, before or after it.";

/** Cases on the timestamp header. Facts: signature verification page; tolerance and milliseconds: SDK. */
export const timeCases: readonly ProofCase[] = [
  {
    id: "missing-timestamp",
    title: "A request without a timestamp is refused",
    requests: (make) => [make.delivery("a request without X-PacSpace-Timestamp", { timestamp: null })],
    judge: refused("Refuse a request without the header before anything else is done with it."),
  },
  {
    id: "malformed-timestamp",
    title: "A timestamp that is no number is refused",
    requests: (make) => [make.delivery("a signed timestamp that is no number", { timestamp: "soon" })],
    judge: refused(
      "Accept digits only: what isn't a number is neither greater nor less than the tolerance, so it passes unnoticed.",
    ),
  },
  {
    id: "stale-timestamp",
    title: "A delivery signed ten minutes ago is refused",
    requests: (make) => [
      make.delivery("a delivery signed ten minutes ago", { timestamp: make.secondsFromNow(-tenMinutes) }),
    ],
    judge: refused(`${compareWithClock} Else whoever recorded a delivery can send it again.`),
  },
  {
    id: "future-timestamp",
    title: "A delivery dated ten minutes ahead is refused",
    requests: (make) => [
      make.delivery("a delivery dated ten minutes ahead", { timestamp: make.secondsFromNow(tenMinutes) }),
    ],
    judge: refused(compareWithClock),
  },
  {
    id: "millisecond-timestamp",
    title: "A timestamp in milliseconds",
    requests: (make) => [make.delivery("a timestamp in milliseconds", { timestamp: String(Date.now()) })],
    judge: told(
      "PacSpace's own SDK accepts it too.",
      "PacSpace sends seconds, but its own SDK also accepts milliseconds: from 10^12 on, divide by 1000.",
    ),
  },
];
