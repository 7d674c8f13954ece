import { existsSync, readFileSync, statSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { handlerTemplates } from "../../src/core/handlers";
import { packedFiles, vsixFile, type PackedFile } from "./vsix";

interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly main: string;
  readonly engines: { readonly vscode: string };
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly contents: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly description: string; readonly completionEvents: readonly string[] }[];
    }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope: string }>> };
  };
}

const source = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

let files: readonly PackedFile[] = [];
let manifest: Manifest;
let words: Readonly<Record<string, string>>;

beforeAll(async () => {
  files = await packedFiles();
  manifest = JSON.parse(packed("package.json").text) as Manifest;
  words = JSON.parse(packed("package.nls.json").text) as Readonly<Record<string, string>>;
});

function packed(name: string): PackedFile {
  const found = files.find((file) => file.name === `extension/${name}`);
  if (found === undefined) throw new Error(`${name} is not in the package`);
  return found;
}

describe("what ships", () => {
  test("is this list and nothing else", () => {
    const names = files.map(({ name }) => name.replace(/^extension\//, "")).sort();
    expect(names).toEqual(
      [
        "[Content_Types].xml",
        "extension.vsixmanifest",
        "LICENSE.txt",
        "THIRD_PARTY_NOTICES",
        "changelog.md",
        "dist/api.js",
        "dist/commands.js",
        "dist/doctor.js",
        "dist/doctorWorker.js",
        "dist/documents.js",
        "dist/extension.js",
        "dist/local.js",
        "dist/localProcess.js",
        "dist/panel.js",
        "dist/proof.js",
        "dist/receiver.js",
        "dist/receiverMain.js",
        "dist/relay.js",
        "dist/retries.js",
        "dist/rows.js",
        "dist/sample-event.schema.json",
        "dist/sending.js",
        "dist/signatures.js",
        "dist/unfinished.js",
        "dist/webview/codicon.css",
        "dist/webview/codicon.ttf",
        "dist/webview/inspector.css",
        "dist/webview/inspector.js",
        ...handlerTemplates.map(({ file }) => `media/handlers/${file}`),
        "media/icon.png",
        "media/pacspace.svg",
        "media/walkthrough.svg",
        "package.json",
        "package.nls.json",
        "readme.md",
      ].sort(),
    );
  });

  test("keeps to its sizes", () => {
    expect(statSync(vsixFile).size).toBeLessThanOrEqual(500_000);
    expect(packed("dist/extension.js").bytes).toBeLessThanOrEqual(60_000);
    expect(packed("dist/webview/inspector.js").bytes).toBeLessThanOrEqual(250_000);
  });

  test("names no path of the machine it was built on", () => {
    const here = process.cwd();
    for (const { name, text } of files) expect(text.includes(here), name).toBe(false);
  });

  test("runs no script when it is installed, and holds no secret-looking text", () => {
    const { scripts } = JSON.parse(packed("package.json").text) as { scripts?: Record<string, string> };
    expect(Object.keys(scripts ?? {}).filter((name) => /install|prepare/.test(name))).toEqual([]);
    for (const { name, text } of files) expect(/whsec_[0-9a-f]{16}/.test(text), name).toBe(false);
  });
});

describe("the manifest", () => {
  test("keeps the ids that stored secrets hang on", () => {
    expect([manifest.publisher, manifest.name, manifest.main]).toEqual([
      "pacspace-webhooks",
      "pacspace-webhooks",
      "./dist/extension.js",
    ]);
  });

  test("declares exactly the commands that the code registers", () => {
    const commandFiles = source("src/host/commands/all.ts").match(/from "\.\/(\w+)"/g) ?? [];
    const registered = commandFiles
      .flatMap(
        (line) => source(`src/host/commands/${/"\.\/(\w+)"/.exec(line)?.[1] ?? ""}.ts`).match(/"pacspace\.\w+"/g) ?? [],
      )
      .map((text) => text.slice(1, -1));
    const declared = manifest.contributes.commands.map(({ command }) => command);
    expect(declared.filter((command) => !registered.includes(command))).toEqual([]);
    expect(new Set(declared).size).toBe(declared.length);
  });

  test("puts only declared commands into menus and welcome views", () => {
    const declared = new Set(manifest.contributes.commands.map(({ command }) => command));
    const inMenus = Object.values(manifest.contributes.menus).flatMap((entries) =>
      entries.map(({ command }) => command),
    );
    const inWelcome = manifest.contributes.viewsWelcome.flatMap(({ contents }) =>
      [...(words[contents.slice(1, -1)] ?? "").matchAll(/command:([\w.]+)/g)].map((match) => match[1] ?? ""),
    );
    const steps = manifest.contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    const inSteps = steps.flatMap(({ description, completionEvents }) => [
      ...[...(words[description.slice(1, -1)] ?? "").matchAll(/command:([\w.]+)/g)].map((match) => match[1] ?? ""),
      ...completionEvents.map((event) => event.replace("onCommand:", "")),
    ]);
    expect(inSteps.length).toBeGreaterThan(5);
    expect(inWelcome.length).toBeGreaterThan(10);
    expect([...inMenus, ...inWelcome, ...inSteps].filter((command) => !declared.has(command))).toEqual([]);
  });

  test("goes by context keys and values that the code sets, and no key is set for nothing", () => {
    const declared = new Map(
      source("src/host/platform/contextKeys.ts")
        .split("\n")
        .flatMap((line) => {
          const [, key, value = ""] = /^ {2}"(pacspace\.\w+)": (.*),$/.exec(line) ?? [];
          return key === undefined ? [] : [[key, [...value.matchAll(/"(\w+)"/g)].map((match) => match[1])] as const];
        }),
    );
    expect(declared.size).toBeGreaterThan(5);
    const clauses = [...packed("package.json").text.matchAll(/"(?:when|enablement)": *"([^"]*)"/g)]
      // What a view is called is no key.
      .map(([, clause = ""]) => clause.replace(/\bview\w* *[!=]= *[\w.]+/g, ""));
    expect(clauses.length).toBeGreaterThan(50);
    const used = clauses.flatMap((clause) => [...clause.matchAll(/\b(pacspace\.\w+)(?: *(?:[!=]=|=~) *'?(\w+))?/g)]);
    const unknown = used.filter(
      ([, key = "", value]) => !declared.has(key) || (value !== undefined && !declared.get(key)?.includes(value)),
    );
    expect(unknown.map(([text]) => text)).toEqual([]);
    const keys = new Set(used.map(([, key]) => key));
    expect([...declared.keys()].filter((key) => !keys.has(key))).toEqual([]);
  });

  test("has words for every key, one category, and no word too many", () => {
    const keys = [...packed("package.json").text.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1] ?? "");
    expect(keys.filter((key) => words[key] === undefined)).toEqual([]);
    expect(Object.keys(words).filter((key) => !keys.includes(key))).toEqual([]);
    expect(new Set(manifest.contributes.commands.map(({ category }) => category))).toEqual(new Set(["PacSpace"]));
  });

  test("lets no workspace redirect credentials", () => {
    const { properties } = manifest.contributes.configuration;
    for (const name of ["pacspace.baseUrl", "pacspace.environments", "pacspace.receiver.allowedHosts"])
      expect(properties[name]?.scope).toBe("application");
    for (const [name, { scope }] of Object.entries(properties)) expect(scope, name).toBeDefined();
  });

  test("asks for the types of the VS Code that it supports", () => {
    const { devDependencies } = JSON.parse(source("package.json")) as { devDependencies: Record<string, string> };
    expect(`^${devDependencies["@types/vscode"] ?? ""}`).toBe(manifest.engines.vscode);
  });

  test("is activated by use alone, or by a folder that is its own", () => {
    expect(manifest.activationEvents).toEqual([
      "onWebviewPanel:pacspace.inspector",
      "workspaceContains:.pacspace/**",
      "onFileSystem:pacspace",
      "onFileSystem:pacspace-answer",
    ]);
  });
});

describe("what ships of others", () => {
  test("is listed with licences that allow it", async () => {
    const { notices, shippedPackages } = (await import("../../scripts/notices.mjs")) as {
      notices: () => string;
      shippedPackages: () => readonly { name: string; licence: string; text?: string }[];
    };
    const allowed = ["MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Apache-2.0", "CC-BY-4.0", "0BSD"];
    const shipped = shippedPackages();
    expect(shipped.map(({ name }) => name)).toContain("undici");
    expect(shipped.filter(({ licence }) => !allowed.includes(licence))).toEqual([]);
    expect(shipped.filter(({ text }) => text === undefined).map(({ name }) => name)).toEqual([]);
    expect(packed("THIRD_PARTY_NOTICES").text).toBe(notices());
  });

  test("is locked, and installs without a script", () => {
    const lock = JSON.parse(source("package-lock.json")) as {
      packages: Record<string, { dev?: boolean; hasInstallScript?: boolean; resolved?: string }>;
    };
    const shipped = Object.entries(lock.packages).filter(([name, { dev }]) => name !== "" && dev !== true);
    expect(shipped.length).toBeGreaterThan(5);
    expect(shipped.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
    expect(existsSync(new URL("../../package-lock.json", import.meta.url))).toBe(true);
    expect(Object.values(lock.packages).filter(({ resolved }) => resolved?.startsWith("http"))).toEqual([]);
  });
});

describe("the panel's page", () => {
  test("has a policy that lets nothing unsafe in", () => {
    const panel = packed("dist/panel.js").text;
    expect(panel).toMatch(/default-src 'none'/);
    expect(panel).not.toMatch(/unsafe-(inline|eval)/);
    expect(packed("dist/webview/inspector.js").text).not.toMatch(/\beval\(|new Function\(/);
  });
});
