import { describe, expect, test } from "vitest";
import { answerBody, answered, answerText } from "../../../src/send/answerText";
import type { PostAnswer } from "../../../src/send/post";

const secret = "whsec_0f";

function answer(body: string | Uint8Array, more: Partial<PostAnswer> = {}): PostAnswer {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return { status: 200, headers: [["X-A", "1"]], body: bytes, truncated: false, durationMs: 12.4, ...more };
}

describe("an answer's body", () => {
  test("is its text, and what is no text is counted", () => {
    expect(answerBody(answer("é\r\n"), secret)).toBe("é\r\n");
    expect(answerBody(answer(Uint8Array.of(0xff, 0xfe)), secret)).toBe("(2 bytes that are no text)");
  });

  test("that was cut through a character loses that one", () => {
    const cut = new TextEncoder().encode("aé€").subarray(0, 5);
    expect(answerBody(answer(cut, { truncated: true }), secret)).toBe("aé");
    expect(answerBody(answer("whole", { truncated: true }), secret)).toBe("whole");
  });

  test("never holds the secret", () => {
    expect(answerBody(answer(`key ${secret}, again ${secret}`), secret)).toBe("key …, again …");
    expect(answered(answer(secret), secret)).toEqual({ status: 200, durationMs: 12.4, responseBody: "…" });
  });
});

test("an answer's document tells what was sent, how long it took, and all of the answer", () => {
  const text = answerText(answer("busy", { status: 503, headers: [["X-Key", secret]], truncated: true }), {
    what: "delta.verified",
    url: "http://localhost:3000/hook",
    sentAt: new Date("2026-01-02T03:04:05.678Z"),
    notes: ["A note."],
    secret,
  });
  expect(text.split("\n")).toEqual([
    "# delta.verified to http://localhost:3000/hook",
    "# sent 2026-01-02T03:04:05.678Z, took 12 ms",
    "# A note.",
    "HTTP 503",
    "X-Key: …",
    "",
    "busy",
    "",
    "# The answer goes on; its first 4 bytes are shown.",
    "",
  ]);
});
