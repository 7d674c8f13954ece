import path from "node:path";

/**
 * Which layer may import what. `layers`: folders below src/; `types`: folders of which only types may be imported;
 * `packages`: modules, `node:` and `vscode` among them; `*` is any. A folder without a row of its own belongs to the
 * nearest one above it.
 * @type {Record<string, { layers: string[], types?: string[], packages: string[] }>}
 */
const table = {
  core: { layers: ["core"], packages: ["valibot", "jsonc-parser"] },
  "core/signature": { layers: ["core"], packages: ["node:crypto"] },
  "core/doctor": { layers: ["core"], packages: ["jsonc-parser", "node:crypto", "node:zlib"] },
  "core/model": { layers: ["core/model", "core/errors"], types: ["core"], packages: ["valibot", "jsonc-parser"] },
  "core/events": { layers: ["core/model", "core/events", "core/errors"], packages: [] },
  "core/request": {
    layers: ["core/model", "core/request", "core/errors"],
    types: ["core"],
    packages: ["jsonc-parser"],
  },
  api: { layers: ["core", "api"], packages: ["undici", "tough-cookie", "valibot", "node:*"] },
  local: { layers: ["local", "core/events"], packages: ["node:*", "valibot"] },
  send: { layers: ["core", "send"], packages: ["undici", "node:*"] },
  receiver: { layers: ["core", "send", "receiver"], packages: ["birpc", "node:*"] },
  conformance: { layers: ["core", "send", "conformance"], packages: ["undici", "node:*"] },
  state: { layers: ["core", "state"], types: ["api"], packages: ["node:*"] },
  protocol: { layers: ["core/model", "protocol"], types: ["core"], packages: ["valibot"] },
  host: {
    layers: ["core", "api", "local", "send", "receiver", "conformance", "state", "protocol", "host"],
    packages: ["vscode", "birpc", "node:*", "valibot"],
  },
  webview: {
    layers: ["core/model", "core/events", "core/request", "core/errors", "protocol", "webview"],
    types: ["core"],
    packages: ["lit", "@vscode-elements/elements", "valibot", "jsonc-parser"],
  },
  "": { layers: ["host", "state", "core"], packages: ["vscode"] },
};

/** Whether a path lies in a folder, or is the module of that name. */
function within(file, folder) {
  return file === folder || file.startsWith(`${folder}/`);
}

function ruleOf(file) {
  const names = Object.keys(table).filter((name) => name === "" || within(file, name));
  return table[names.sort((left, right) => right.length - left.length)[0]];
}

function packageAllowed(specifier, allowed) {
  return allowed.some((name) =>
    name === "node:*" ? specifier.startsWith("node:") : specifier === name || specifier.startsWith(`${name}/`),
  );
}

/** ESLint rule: imports keep to the table of layers. */
export const layers = {
  meta: {
    type: "problem",
    schema: [],
    messages: { crossed: "{{file}} may not import {{imported}}: see the table of layers in docs/architecture.md." },
  },
  create(context) {
    const source = path.join(context.cwd, "src");
    const file = path.relative(source, context.filename).replaceAll("\\", "/").replace(/\.ts$/, "");
    const rule = ruleOf(file);

    function check(node, specifier, typeOnly) {
      if (typeof specifier !== "string") return;
      let imported = specifier;
      let allowed;
      if (specifier.startsWith(".")) {
        imported = path.relative(source, path.resolve(path.dirname(context.filename), specifier)).replaceAll("\\", "/");
        const folders = typeOnly ? [...rule.layers, ...(rule.types ?? [])] : rule.layers;
        allowed = folders.some((folder) => within(imported, folder));
      } else {
        allowed = packageAllowed(specifier, rule.packages);
      }
      if (!allowed) context.report({ node, messageId: "crossed", data: { file: `src/${file}.ts`, imported } });
    }

    return {
      ImportDeclaration: (node) => check(node, node.source.value, node.importKind === "type"),
      ExportNamedDeclaration: (node) => check(node, node.source?.value, node.exportKind === "type"),
      ImportExpression: (node) => check(node, node.source.value, false),
      // import("…").Type
      TSImportType: (node) => check(node, (node.source ?? node.argument.literal).value, true),
    };
  },
};
