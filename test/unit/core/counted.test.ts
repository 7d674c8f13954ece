import { describe, expect, test } from "vitest";
import { counted } from "../../../src/core/model/counted";
import { readRequest } from "../../../src/core/request/readRequest";
import { ageCauses } from "../../../src/core/signature/verify";
import { answerBody } from "../../../src/send/answerText";

describe("a count and its noun", () => {
  test.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [2, "2 bytes"],
  ])("%i", (count, words) => {
    expect(counted(count, "byte")).toBe(words);
  });

  test("agree in what a person reads", () => {
    expect(counted(1, "entry", "entries")).toBe("1 entry");
    const cut = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nx";
    expect(readRequest(cut).notes.join(" ")).toContain("Content-Length says 2 bytes, but 1 is here.");
    const surplus = cut.replace("Length: 2", "Length: 1");
    expect(readRequest(`${surplus}\n`).notes.join(" ")).toContain("The last 1 byte of white space was left out");
    expect(readRequest(`${surplus}\n\n`).notes.join(" ")).toContain("The last 2 bytes of white space were left out");
    expect(ageCauses(20, 1)[0]?.detail).toContain("the tolerance is 1 second.");
    const answer = { status: 200, headers: [], body: Uint8Array.of(0xff), truncated: false, durationMs: 1 };
    expect(answerBody(answer, undefined)).toBe("(1 byte that is no text)");
  });
});
