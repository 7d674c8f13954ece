import { describe, expect, test } from "vitest";
import { readCommandLine, usage } from "../../../src/conformance/commandLine";

const url = "http://localhost:3000/hook";

describe("the command line", () => {
  test("reads every option", () => {
    expect(readCommandLine(["--url", url])).toEqual({
      kind: "proof",
      url,
      secretVariable: "PACSPACE_WEBHOOK_SECRET",
      checkUrl: undefined,
      timeoutMs: undefined,
      junit: undefined,
      json: undefined,
    });
    const all = [
      "--url",
      url,
      "--secret-stdin",
      "--check-url",
      url,
      "--timeout",
      "1.5",
      "--junit=a.xml",
      "--json=b.json",
    ];
    expect(readCommandLine(all)).toEqual({
      kind: "proof",
      url,
      secretVariable: undefined,
      checkUrl: url,
      timeoutMs: 1500,
      junit: "a.xml",
      json: "b.json",
    });
    expect(readCommandLine(["--url", url, "--secret-env", "OTHER"])).toMatchObject({ secretVariable: "OTHER" });
    expect(readCommandLine(["-h"])).toEqual({ kind: "help" });
    expect(readCommandLine(["--version"])).toEqual({ kind: "version" });
  });

  test.each([
    [[], "--url is missing"],
    [["--url"], "lacks its value"],
    [["--url", url, "--timeout", "soon"], "--timeout takes seconds"],
    [["--url", url, "--secret-stdin", "--secret-env", "A"], "not both"],
    [["--url", url, "--secret", "whsec_given_by_mistake"], "never an argument"],
    [["--url", url, "whsec_given_by_mistake"], "never an argument"],
    [["--url", url, "--secret-stdin=whsec_given_by_mistake"], "one too many"],
  ])("refuses %j", (args, words) => {
    let message = "";
    try {
      readCommandLine(args);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain(words);
    expect(message).not.toContain("whsec_");
  });

  test("explains every option", () => {
    for (const option of [
      "url",
      "secret-env",
      "secret-stdin",
      "check-url",
      "timeout",
      "junit",
      "json",
      "help",
      "version",
    ]) {
      expect(usage).toContain(`--${option}`);
    }
  });
});
