import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { allCauses } from "../../../src/core/doctor/causes";

describe("the list of causes", () => {
  test("names each cause once and completely", () => {
    expect(new Set(allCauses.map(({ id }) => id)).size).toBe(allCauses.length);
    for (const { id, happened, change, mending } of allCauses) {
      expect(id).toMatch(/^[a-z]+(?:[A-Z][a-z]+)*\.[a-zA-Z0-9]+$/);
      expect(happened).toMatch(/^[A-Z].*[^.]$/);
      expect(change).toMatch(/^[A-Z].*\.$/s);
      for (const code of Object.values(mending)) expect(code.split("\n").length).toBeLessThanOrEqual(6);
    }
  });
});

/**
 * The few that know a cause by name, for what a cause can't say of itself: a header's text shows several causes at
 * once, so one reader knows them all; what is lost or right has no variant that could be tried.
 */
const knowing: Readonly<Record<string, readonly string[]>> = {
  "diagnose.ts": ["signatureMissing", "timestampFormat", "timestampMissing"],
  "findings.ts": ["handlerCorrect", "signaturePrefix"],
  "headerSources.ts": ["timestampMissing"],
  "readings.ts": [
    "signatureCase",
    "signatureDecorated",
    "signatureEncoding",
    "signatureMultiple",
    "signaturePrefix",
    "signatureTruncated",
  ],
};

test("to add a cause touches one file and one list: no other part of the engine knows one by name", () => {
  const folder = new URL("../../../src/core/doctor/", import.meta.url);
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith(".ts") && name !== "causes.ts")
    .map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));
  const declared = sources.flatMap(({ text }) =>
    Array.from(text.matchAll(/^export const (\w+): DoctorCause/gm), ([, name = ""]) => name),
  );
  expect(declared.length).toBe(allCauses.length);
  const found = sources.flatMap(({ name, text }) => {
    const imported = Array.from(text.matchAll(/^import \{([^}]*)\} from "\.\//gm), ([, names = ""]) =>
      names.split(","),
    );
    const causes = imported
      .flat()
      .map((each) => each.trim())
      .filter((each) => declared.includes(each));
    return causes.length > 0 ? [[name, causes.toSorted()]] : [];
  });
  expect(Object.fromEntries(found)).toEqual(knowing);
});
