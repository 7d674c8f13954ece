import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { diagnose } from "../../../src/core/doctor/diagnose";

/** What real programs print of a delivery that they parsed: `printers` has the programs, `printed.tsv` their output. */
const folder = new URL("printers/", import.meta.url);
const originals = JSON.parse(readFileSync(new URL("originals.json", folder), "utf8")) as Record<string, string>;
const printed = readFileSync(new URL("printed.tsv", folder), "utf8")
  .trim()
  .split("\n")
  .map((line) => {
    const [name = "", way = "", base64 = ""] = line.split("\t");
    return { name, way, original: Buffer.from(originals[name] ?? ""), bytes: Buffer.from(base64, "base64") };
  })
  .filter(({ original, bytes }, index, whole) => {
    const isFirst = whole.findIndex((other) => other.original.equals(original) && other.bytes.equals(bytes)) === index;
    return isFirst && !bytes.equals(original);
  });

const secret = "whsec_a71d8c13e270aa1c25ab9713c78543f0";
const now = 1_775_826_942;
const sent = String(now - 15);

function mac(body: Uint8Array): string {
  return createHmac("sha256", secret).update(`${sent}.`).update(body).digest("hex");
}

async function causesOf(original: Buffer, received: Buffer, computed?: string): Promise<readonly string[]> {
  const { causes } = await diagnose({
    headers: [
      ["X-PacSpace-Signature", `v1=${mac(original)}`],
      ["X-PacSpace-Timestamp", sent],
    ],
    body: received,
    keys: [{ id: "webhook_a", secret }],
    addressed: "first",
    now,
    toleranceSeconds: 300,
    budgetMs: 120_000,
    computed,
  });
  expect(causes.every(({ certainty }) => certainty === "proven")).toBe(true);
  return causes.map(({ id }) => id).toSorted();
}

const strings = /"(?:[^"\\]|\\.)*"/gs;

function all(text: string, pattern: RegExp): readonly string[] {
  return text.match(pattern) ?? [];
}

/** In whatever order: another order of keys moves them. */
function counted(text: string, pattern: RegExp): string {
  return all(text, pattern).toSorted().join(" ");
}

/** Each difference that a person can see, and what it is called. */
const differences: readonly (readonly [id: string, seen: (text: string) => unknown])[] = [
  ["body.doubleEncoded", (text) => text.startsWith('"')],
  ["body.slashEscapes", (text) => text.split("\\/").length],
  ["body.htmlEscapes", (text) => counted(text, /\\u00(?:22|26|27|3[ce])/gi)],
  ["body.unicodeEscapes", (text) => counted(text, /\\u(?!00[2-7])[0-9a-f]{4}/gi)],
  ["body.trailingNewline", (text) => text.endsWith("\n")],
  ["body.lineEndings", (text) => text.includes("\r\n")],
  ["body.numberFormat", (text) => counted(text.replace(strings, ""), /-?\d[\d.]*/g)],
  ["body.keyOrder", (text) => all(text, /[\w-]+(?=": ?)/g).join(" ")],
  ["body.reserialized", (text) => counted(text.trim().replace(strings, ""), /\s|[[{][\]}]/g)],
];

function differencesOf(original: Buffer, bytes: Buffer): string[] {
  const twice = bytes.toString().startsWith('"');
  const text = twice ? (JSON.parse(bytes.toString()) as string) : bytes.toString();
  const inner = differences.filter(([, seen]) => seen(original.toString()) !== seen(text)).map(([id]) => id);
  return [...(twice ? ["body.doubleEncoded"] : []), ...inner].toSorted();
}

test("there are enough of them", () => {
  expect(printed.length).toBeGreaterThan(100);
});

describe("a request that was parsed and printed again is undone, and exactly its damages are named", () => {
  // What a dict's text loses is not looked for on the way here: nothing that speaks HTTP sends it.
  test.each(printed.filter(({ way }) => !way.includes("str of a dict")))("$name, $way", async ({ original, bytes }) => {
    // White space between tokens goes as one, its line ends with it.
    const expected = differencesOf(original, bytes).filter((id) => id !== "body.lineEndings");
    expect(await causesOf(original, bytes)).toEqual(expected);
  });
});

describe("a handler that parses and prints again is found out, and exactly its faults are named", () => {
  test.each(printed)("$name, $way", async ({ way, original, bytes }) => {
    const found = await causesOf(original, original, mac(bytes));
    // A newline behind the body is one behind all that is signed.
    const named = found.map((id) => (id === "signingString.newline" ? "body.trailingNewline" : id)).toSorted();
    const expected = way.includes("str of a dict") ? ["body.reserialized"] : differencesOf(original, bytes);
    expect(named).toEqual(expected);
  });
});
