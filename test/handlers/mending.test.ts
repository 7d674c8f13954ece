import { execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureHandlerPrograms } from "../../scripts/handlers.mjs";
import { allCauses } from "../../src/core/doctor/causes";
import { compareEachValue, readHeader } from "../../src/core/doctor/mending/signature";
import { wholeSecret } from "../../src/core/doctor/mending/secret";
import type { Framework } from "../../src/core/model/diagnosis";

const secret = "whsec_a71d8c13e270aa1c25ab9713c78543f0";
const timestamp = "1775826927";
const body = '{"event":"test","note":"é"}';
const right = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");

/** What a handler gets, and whether it must be taken for genuine. */
const headers: readonly (readonly [header: string, genuine: boolean])[] = [
  [`v1=${right}`, true],
  [`v1=${"0".repeat(64)}, v1=${right}`, true],
  [`v1=${"0".repeat(64)}`, false],
  [right, false],
  ["v1=é", false],
];

let programs: Awaited<ReturnType<typeof ensureHandlerPrograms>>;
let folder: string;

beforeAll(async () => {
  programs = await ensureHandlerPrograms();
  folder = await mkdtemp(path.join(tmpdir(), "pacspace-mending-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function run(program: string, name: string, content: string, ...before: readonly string[]): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  const env = { ...process.env, PACSPACE_WEBHOOK_SECRET: `${secret}\n`, CGO_ENABLED: "0" };
  return (await promisify(execFile)(program, [...before, file], { cwd: folder, env })).stdout.trim();
}

/** Every piece of code for a framework, once. */
function pieces(framework: Framework): readonly string[] {
  return [...new Set(allCauses.map(({ mending }) => mending[framework]))];
}

describe("the lines that the doctor proposes do what they say when put together", () => {
  test.each<[Framework, (header: string) => string]>([
    [
      "express",
      (header) =>
        `const req = { get: (name) => ({ "X-PacSpace-Signature": ${header}, "X-PacSpace-Timestamp": timestampSent })[name] };`,
    ],
    [
      "fastify",
      (header) =>
        `const request = { headers: { "x-pacspace-signature": ${header}, "x-pacspace-timestamp": timestampSent } };`,
    ],
    [
      "nextjs",
      (header) =>
        `const request = { headers: new Map([["x-pacspace-signature", ${header}], ["x-pacspace-timestamp", timestampSent]]) };`,
    ],
    [
      "hono",
      (header) =>
        `const c = { req: { header: (name) => ({ "X-PacSpace-Signature": ${header}, "X-PacSpace-Timestamp": timestampSent })[name] } };`,
    ],
  ])("%s", async (framework, given) => {
    for (const [index, [header, genuine]] of headers.entries()) {
      const code = `import { createHmac, timingSafeEqual } from "node:crypto";
const timestampSent = "${timestamp}";
const rawBody = Buffer.from(${JSON.stringify(body)});
${given(JSON.stringify(header))}
${readHeader[framework]}
${wholeSecret[framework]}
hmac.update(\`\${timestamp}.\`).update(rawBody);
${compareEachValue[framework]}
console.log(genuine);
`;
      expect(await run(process.execPath, `${framework}-${index}.mjs`, code), header).toBe(String(genuine));
    }
  });

  test.each<[Framework, string, string]>([
    ["flask", "X-PacSpace-Signature", "X-PacSpace-Timestamp"],
    ["fastapi", "x-pacspace-signature", "x-pacspace-timestamp"],
    ["django", "X-PacSpace-Signature", "X-PacSpace-Timestamp"],
  ])("%s", async (framework, signatureName, timestampName) => {
    for (const [header, genuine] of headers) {
      const code = `import hashlib, hmac, os
from types import SimpleNamespace
request = SimpleNamespace(headers={"${signatureName}": ${JSON.stringify(header)}, "${timestampName}": "${timestamp}"})
raw_body = ${JSON.stringify(body)}.encode()
${readHeader[framework]}
signed = timestamp.encode() + b"." + raw_body
${wholeSecret[framework]}
${compareEachValue[framework]}
print(genuine)
`;
      const printed = await run(programs.python, `${framework}.py`, code);
      expect(printed, header).toBe(genuine ? "True" : "False");
    }
  });

  test("Laravel, in PHP", async () => {
    for (const [header, genuine] of headers) {
      const code = `<?php
function config($name) { return getenv('PACSPACE_WEBHOOK_SECRET'); }
class Items { function __construct(private $items) {} function contains($test) { return (bool) array_filter($this->items, $test); } }
function collect($items) { return new Items($items); }
$request = new class { function header($name) { return ['X-PacSpace-Signature' => ${JSON.stringify(header)}, 'X-PacSpace-Timestamp' => '${timestamp}'][$name]; } };
$rawBody = ${JSON.stringify(body).replace("$", "\\$")};
${readHeader.laravel}
$signed = $timestamp.'.'.$rawBody;
${wholeSecret.laravel}
${compareEachValue.laravel}
echo var_export($genuine, true);
`;
      expect(await run(programs.php, "laravel.php", code), header).toBe(String(genuine));
    }
  });

  test("Go", async () => {
    for (const [header, genuine] of headers) {
      const code = `package main
import ("crypto/hmac"; "crypto/sha256"; "encoding/hex"; "fmt"; "io"; "net/http"; "os"; "strings")
func main() {
	r := &http.Request{Header: http.Header{}}
	r.Header.Set("X-PacSpace-Signature", ${JSON.stringify(header)})
	r.Header.Set("X-PacSpace-Timestamp", "${timestamp}")
	genuine := false
${readHeader.go}
${wholeSecret.go}
	io.WriteString(mac, timestamp+"."+${JSON.stringify(body)})
${compareEachValue.go}
	fmt.Println(genuine)
}
`;
      expect(await run(programs.go, "main.go", code, "run"), header).toBe(String(genuine));
    }
  });
});

describe("what needs more than a few lines around it is well-formed", () => {
  test("PHP", async () => {
    // A setting of php.ini is none.
    const codes = pieces("laravel").filter((code) => !code.startsWith(";"));
    expect(codes.length).toBeGreaterThan(4);
    const functions = codes.map((code, index) => `function piece${index}() {\n${code}\n}\n`);
    expect(await run(programs.php, "pieces.php", `<?php\n${functions.join("")}`, "-l")).toContain("No syntax errors");
  });

  test("Go, with its types", async () => {
    const imports =
      "bytes compress/gzip crypto/hmac crypto/sha256 encoding/hex encoding/json io net/http os strconv strings time";
    const functions = pieces("go").map((code, index) => {
      const made = [...code.matchAll(/^(\w+)(?:, (\w+))? :=/gm)].flatMap(([, one, two]) => [one, two]);
      const names = [...new Set(made.filter((name) => name !== undefined))];
      const given = ["secret", "timestamp", "header"].filter((name) => !names.includes(name));
      const others = names.includes("mac") ? "" : "mac := hmac.New(sha256.New, nil); _ = mac;";
      return `func piece${index}(w http.ResponseWriter, r *http.Request${given.map((name) => `, ${name} string`).join("")}${names.includes("rawBody") ? "" : ", rawBody []byte"}) {
	var genuine bool; var event any; reject := func() {}; ${others}
${code}
	_, _, _ = genuine, event, reject
	${names.map((name) => `_ = ${name}`).join("; ")}
}
`;
    });
    expect(functions.length).toBeGreaterThan(4);
    const uses =
      "var _ = bytes.NewReader; var _ = gzip.NewReader; var _ = hex.EncodeToString; var _ = json.Unmarshal; var _ = io.ReadAll; var _ = os.Getenv; var _ = strconv.Itoa; var _ = strings.Split; var _ = time.Now; var _ = sha256.New; var _ = hmac.New";
    const code = `package main\nimport (${imports
      .split(" ")
      .map((name) => `"${name}"`)
      .join("; ")})\n${uses}\n${functions.join("")}func main() {}\n`;
    await run(programs.go, "pieces.go", code, "vet");
  });
});
