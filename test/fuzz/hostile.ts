import { mutated } from "./mutated";
import type { Random } from "./random";

/** Texts that were made to do something to whoever shows, parses or stores them. */
export const hostileTexts = [
  "<script>parent.postMessage('x')</script>",
  '"><img src=x onerror=alert(1)>',
  "</style><style>*{display:none}</style>",
  "background:url(https://example.org/x)",
  "\u202egpj.exe\u202c",
  "\u2066a\u2069\u200f\u061c",
  "\u001b[2J\u001b]0;title\u0007\u001b]8;;https://example.org\u0007",
  "[Fix it](command:workbench.action.closeWindow)",
  "$(trash) ${HOME} %n %s",
  "line\r\nX-Injected: 1\n\nbody",
  "\u0000\u0008\u007f\u0085\u2028\u2029\ufeff\u200b",
  "\ud800 lone \udfff",
  "../../../../etc/passwd",
  "__proto__",
  "constructor",
  "toString",
  "",
  "-0",
  "1e999",
  "9007199254740993",
  "null",
] as const;

const keys = [
  "__proto__",
  "constructor",
  "prototype",
  "hasOwnProperty",
  "toJSON",
  "then",
  "length",
  "id",
  "type",
] as const;

/** A text made to do harm, or a damaged one. */
export function hostileText(random: Random): string {
  const text = random.pick(hostileTexts);
  return random.below(3) === 0 ? mutated(random, text) : text;
}

/** Arrays and objects within each other. */
export function nested(levels: number): unknown {
  let value: unknown = "bottom";
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** A value of any type, as JSON can hold it: own keys named `__proto__` too. */
export function hostileValue(random: Random, depth = 0): unknown {
  switch (random.below(depth > 3 ? 6 : 9)) {
    case 0:
      return null;
    case 1:
      return random.below(2) === 0;
    case 2:
      return random.pick([0, -1, 1.5, 1e21, -1e308, 2 ** 53, 0.1 + 0.2, NaN, Infinity]);
    case 3:
      return random.below(50) === 0 ? "long ".repeat(2_000) : hostileText(random);
    case 4:
      return random.below(50) === 0 ? nested(100) : [];
    case 5:
      return {};
    case 6:
      return Array.from({ length: random.below(4) }, () => hostileValue(random, depth + 1));
    default: {
      const members = Array.from({ length: random.below(4) }, () => [
        random.below(2) === 0 ? random.pick(keys) : hostileText(random),
        hostileValue(random, depth + 1),
      ]);
      // As JSON.parse does it: an own member, not the prototype.
      return JSON.parse(
        `{${members.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`,
      );
    }
  }
}

/** Puts a hostile value in place of a part of a value, or beside its members, or takes a member away. */
export function damaged(random: Random, value: unknown): unknown {
  if (random.below(6) === 0) return hostileValue(random);
  if (Array.isArray(value)) {
    if (value.length === 0 || random.below(4) === 0) return [...(value as unknown[]), hostileValue(random)];
    const at = random.below(value.length);
    return value.map((item: unknown, index) => (index === at ? damaged(random, item) : item));
  }
  if (typeof value === "string" && random.below(2) === 0) return mutated(random, value);
  if (typeof value !== "object" || value === null) return hostileValue(random);
  const members = Object.entries(value);
  const at = random.below(members.length + 2);
  if (at >= members.length) return { ...value, [random.pick(keys)]: hostileValue(random) };
  return Object.fromEntries(
    members.flatMap(([name, member], index) => {
      if (index !== at) return [[name, member]];
      return random.below(5) === 0 ? [] : [[name, damaged(random, member)]];
    }),
  );
}

/** Throws when something has got into what all objects inherit from. */
export function assertPrototypesClean(): void {
  const found = Object.keys({}).concat(...[Object.prototype, Array.prototype].map((one) => Object.keys(one)));
  for (const name in {}) found.push(name);
  if (found.length > 0) throw new Error(`All objects inherit ${found.join(", ")} now`);
}
