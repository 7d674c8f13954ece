import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { readRequest } from "../../../src/core/request/readRequest";
import { shellCommand } from "../../../src/core/request/shellWords";

const text = (body: Uint8Array | undefined): string | undefined => body && Buffer.from(body).toString("utf8");

describe("a command line is split as a shell splits it", () => {
  test.each([
    String.raw`a 'b c' "d e" f\ g h'i'"j"`,
    String.raw`'it'\''s' "say \"hi\" \\ \$x \n"`,
    String.raw`$'a\nb\tc\\d\'e' $'\u00e9\xc3\xa9\101' $'\U0001f600'`,
    "a \\\n  b \\\n\tc",
    `'' "" $''`,
    "a 'x\ny' b",
    String.raw`-d'{"a":1}' -H"A: b"`,
    "a # comment",
    "a 2>/dev/null",
    "a | b",
    "a; b",
    "a && b",
  ])("%j", (line) => {
    const words = execFileSync(
      "bash",
      ["-c", `show() { for word in "$@"; do printf '%s\\0' "$word"; done; }; show ${line} ; true`],
      {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
        env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8" },
      },
    );
    // What follows a bar or a semicolon is another command, whose output is not looked at here.
    if (!/[|;&>]/.test(line))
      expect(shellCommand(line).words.map((word) => word.text)).toEqual(words.split("\0").slice(0, -1));
    else expect(shellCommand(line).words).toEqual([{ text: "a" }]);
  });
  test("what only a shell knows is remembered", () => {
    expect(shellCommand('"a $HOME b" `date` $(x) \'$y\' "\\$z"').words.map((word) => word.expansion)).toEqual([
      "$HOME",
      "`date`",
      "$(x)",
      undefined,
      undefined,
    ]);
  });
  test("as browsers copy it for the command prompt", () => {
    expect(shellCommand('-H ^"A: b^" ^\r\n  --data-raw ^"^{^\\^"a^\\^":1^}^"').words.map((word) => word.text)).toEqual([
      "-H",
      "A: b",
      "--data-raw",
      '{"a":1}',
    ]);
  });
});

describe("curl commands", () => {
  const headers = [
    ["Content-Type", "application/json"],
    ["X-PacSpace-Timestamp", "1775826927"],
  ];
  test.each([
    [
      "on several lines",
      `curl -X POST 'http://localhost:3000/hook' \\\n  -H 'Content-Type: application/json' \\\n  --header "X-PacSpace-Timestamp: 1775826927" \\\n  --data-raw '{"a": "b c"}'`,
    ],
    [
      "with options run together",
      `$ curl -sSLXPOST -H'Content-Type: application/json' -H"X-PacSpace-Timestamp: 1775826927" -d'{"a": "b c"}' http://x/`,
    ],
    [
      "with options that have a value of no interest",
      `/usr/bin/curl -o out.txt -u a:b --max-time 5 -b 'c=d' -H 'Content-Type: application/json' --data-binary '{"a": "b c"}' -H 'X-PacSpace-Timestamp: 1775826927' -A me http://x/`,
    ],
    [
      "with escapes",
      String.raw`curl http://x/ -H $'Content-Type: application/json' -H 'X-PacSpace-Timestamp: 1775826927' --data-raw $'{"a": "b\u0020c"}'`,
    ],
    [
      "for the command prompt",
      'curl.exe ^"http://x/^" ^\r\n  -H ^"Content-Type: application/json^" ^\r\n -H ^"X-PacSpace-Timestamp: 1775826927^" --data-raw ^"^{^\\^"a^\\^": ^\\^"b c^\\^"^}^"',
    ],
  ])("%s", (_name, command) => {
    const read = readRequest(command);
    expect(read).toMatchObject({ kind: "curl", headers, notes: [] });
    expect(text(read.body)).toBe('{"a": "b c"}');
  });

  test("parts are joined as curl joins them", () => {
    expect(text(readRequest("curl http://x -d a=1 --data-urlencode 'b=c d' --data-raw @e").body)).toBe(
      "a=1&b=c%20d&@e",
    );
    expect(text(readRequest(`curl http://x --json '{"a":' --json '1}'`).body)).toBe('{"a":1}');
  });
  test("a header without a value is left out, one with a semicolon is empty", () => {
    expect(readRequest("curl http://x -H 'A:' -H 'B;' -d x").headers).toEqual([["B", ""]]);
  });
  test("bytes of a body stay as they are", () => {
    expect(text(readRequest("curl x -d $'a\\r\\nb\\n'").body)).toBe("a\r\nb\n");
    expect(text(readRequest("curl x --data-binary 'é\n'").body)).toBe("é\n");
  });
  test("without data there is no body", () => {
    const read = readRequest("curl http://x -H 'A: b'");
    expect(read.body).toBeUndefined();
    expect(read.notes.join()).toContain("no --data");
  });
  test.each([
    ["curl x -H @headers.txt", "headers.txt"],
    ["curl x -d @body.json", "body.json"],
    ["curl x --data-binary @body.json", "body.json"],
    ["curl x --data-urlencode name@body.json", "body.json"],
    ["curl x -T body.json", "upload-file"],
    ["curl x -K other", "config"],
    ["curl x -F a=b", "multipart"],
    ['curl x -d "$BODY"', "$BODY"],
    ['curl x -H "X-PacSpace-Signature: $(sign)" -d x', "$(sign)"],
    ["curl x -d 'open", "not closed"],
    ["curl x -d", "no value"],
    ["curl x -H nonsense -d x", 'of the form "Name: value"'],
    ["curl x -d @- <<EOF\n{}\nEOF", "here-document"],
  ])("what leaves something out is refused: %s", (command, word) => {
    expect(() => readRequest(command)).toThrow(word);
  });
});

describe("around a command there may be", () => {
  test.each([
    ["a user's prompt", "user@host:~/hooks$ "],
    ["zsh's prompt", "user@host hooks % "],
    ["a virtual environment's prompt", "(venv) $ "],
    ["PowerShell's prompt", "PS C:\\Users\\me> "],
    ["time", "time "],
    ["a prompt and time", "$ time "],
  ])("%s", (_name, before) => {
    const read = readRequest(`${before}curl http://x -H 'A: b' -d '{}'`);
    expect(read).toMatchObject({ kind: "curl", headers: [["A", "b"]], notes: [] });
    expect(text(read.body)).toBe("{}");
  });
});

describe("a body by a pipe", () => {
  test.each([
    ["printf %s 'a\\n%d' | curl x --data-binary @-", "a\\n%d"],
    ["printf '%s' \"it's\" | /usr/bin/curl x --data-binary @-", "it's"],
    ["printf '\\173\\175\\n%%\\t\\\\' | curl x --data-binary @-", "{}\n%\t\\"],
    ["printf '\\303\\251' | curl x --data-binary @-", "é"],
    ["$ echo -n '{\"a\": 1}' | curl x -d @-", '{"a": 1}'],
    ["echo '{}' | curl x --data-binary @-", "{}\n"],
    ["echo -e '{\\n}' | curl x -d @-", "{}"],
    ["echo '{}' | curl x --json @-", "{}\n"],
  ])("%s", (command, wanted) => {
    const read = readRequest(command);
    expect([read.kind, text(read.body)]).toEqual(["curl", wanted]);
  });
  test.each([
    ['printf %s "$BODY" | curl x -d @-', "$BODY"],
    ["printf %d 1 | curl x -d @-", "fills in %d"],
    ["cat body.json | curl x -d @-\ncurl y -d @-", "curl"],
  ])("what only a shell knows is refused or no command: %s", (command, word) => {
    let said: string;
    try {
      said = text(readRequest(command).body) ?? "";
    } catch (error) {
      said = String(error);
    }
    expect(said).toContain(word);
  });
});

test("blanks behind a continued line's backslash end nothing, and are told", () => {
  const read = readRequest("curl x \\ \t\r\n  -H 'A: b' \\  \n  -d '{}'");
  expect(read.headers).toEqual([["A", "b"]]);
  expect(text(read.body)).toBe("{}");
  expect(read.notes).toEqual(["Blanks stand behind a backslash at a line's end. The command was read on from there."]);
});

test.each(["\u2014data-raw", "\u2013-data-raw", "\u2013d"])("an option's dash is refused: %s", (option) => {
  expect(() => readRequest(`curl x ${option} '{}'`)).toThrow("in place of hyphens");
  expect(text(readRequest(`curl x -d '${option}'`).body)).toBe(option);
});
