import type { Random } from "./random";

const splices = [
  '"',
  "'",
  "\\",
  "\\u",
  "\\ud800",
  "%",
  "{",
  "}",
  "[",
  "]",
  ":",
  ",",
  "=",
  "\n",
  "\r\n",
  "\u0000",
  "é",
  "\ufffd",
  "0",
  "1e3",
  "-",
  ".0",
  "$'",
  "^",
  "`",
  "&#",
  "@",
  " ",
] as const;

/** Changes a text here and there: cut, doubled, spliced, bytes replaced. */
export function mutated(random: Random, text: string): string {
  let changed = text;
  for (let times = random.below(5); times > 0; times--) {
    const at = random.below(changed.length + 1);
    const to = Math.min(changed.length, at + random.below(12));
    const [head, middle, tail] = [changed.slice(0, at), changed.slice(at, to), changed.slice(to)];
    switch (random.below(5)) {
      case 0:
        changed = head + tail;
        break;
      case 1:
        changed = head + middle + middle + tail;
        break;
      case 2:
        changed = head + random.pick(splices) + middle + tail;
        break;
      case 3:
        changed = head + String.fromCharCode(random.below(256)) + tail;
        break;
      default:
        changed = head;
    }
  }
  return changed.slice(0, 600);
}
