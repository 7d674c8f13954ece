import js from "@eslint/js";
import tseslint from "typescript-eslint";
import { layers } from "./scripts/eslint/layers.mjs";

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", ".vscode-test/", "test-results/"] },
  js.configs.recommended,
  {
    files: ["**/*.{js,mjs}"],
    languageOptions: {
      globals: Object.fromEntries(
        [
          "process",
          "console",
          "Buffer",
          "URL",
          "fetch",
          "setTimeout",
          "clearTimeout",
          "require",
          "module",
          "__dirname",
          "AbortSignal",
          "AbortController",
          "setInterval",
          "clearInterval",
          "document",
          "window",
          "structuredClone",
          "performance",
          "location",
          "Request",
          "Response",
        ].map((name) => [name, "readonly"]),
      ),
    },
  },
  {
    files: ["**/*.ts", "**/*.mts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: ["./tsconfig.json", "./src/webview/tsconfig.json"] } },
    plugins: { pacspace: { rules: { layers } } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-invalid-void-type": ["error", { allowInGenericTypeArguments: true }],
      // VS Code types its disposables as classes; anything with a dispose method is one.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Name what is exported." },
        { selector: "ExportAllDeclaration", message: "Import from the file that has it: no barrels." },
      ],
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["src/**/*.ts"],
    rules: {
      "pacspace/layers": "error",
      "no-console": "error",
    },
  },
  {
    files: ["src/local/main.ts"],
    rules: { "no-console": "off" },
  },
  {
    files: ["src/host/**/*.ts", "src/extension.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Name what is exported." },
        { selector: "ExportAllDeclaration", message: "Import from the file that has it: no barrels." },
        {
          selector: "CallExpression[callee.property.name='registerCommand']",
          message:
            "Commands are registered by registerCommands and run by the runner, which turns errors into words once.",
        },
        {
          selector: "CallExpression[callee.property.name='executeCommand'] > Literal[value='setContext']",
          message: "Context keys are set by ContextKeyWriter.",
        },
      ],
    },
  },
  {
    files: ["src/host/commands/registerCommands.ts", "src/host/platform/contextKeys.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["test/**/*.ts", "vitest.config.mts"],
    rules: {
      "max-lines": ["error", { max: 350, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  { files: ["vitest.config.mts"], rules: { "no-restricted-syntax": "off" } },
);
