// The icons that the webview shows, cut out of the codicon font: whole it would be an eighth of the package.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import subsetFont from "subset-font";
import { root } from "./root.mjs";

const source = join(root, "node_modules/@vscode/codicons/dist");
const rule = /^\.codicon-([\w-]+):before \{ content: "\\([0-9a-f]+)" \}$/;

/**
 * @param {readonly string[]} files the webview's modules
 * @returns {Set<string>} every quoted word in them: an icon that is shown stands in quotes somewhere
 */
function quotedWords(files) {
  const texts = files.map((file) => readFileSync(join(root, file), "utf8"));
  return new Set(
    texts.flatMap((text) =>
      [...text.matchAll(/(?<=["'`])(?:codicon-)?([a-z][\w-]*)(?=["'`])/g)].map(([, word]) => word ?? ""),
    ),
  );
}

/**
 * Writes codicon.css and codicon.ttf with the icons that modules name, and no others.
 * @param {string} directory
 * @param {readonly string[]} files the webview's modules
 * @throws {Error} when the codicons' style sheet is not laid out as it was
 */
export async function writeIconFont(directory, files) {
  const words = quotedWords(files);
  const lines = readFileSync(join(source, "codicon.css"), "utf8").split(/\r?\n/);
  const icons = lines.flatMap((line) => {
    const [, name, code] = rule.exec(line) ?? [];
    return name && code ? [{ line, name, code }] : [];
  });
  if (icons.length < 100)
    throw new Error("codicon.css has its icons no longer one on a line: look at scripts/iconFont.mjs.");
  const used = icons.filter(({ name }) => words.has(name));
  const text = used.map(({ code }) => String.fromCodePoint(Number.parseInt(code, 16))).join("");
  const font = await subsetFont(readFileSync(join(source, "codicon.ttf")), text, { targetFormat: "truetype" });
  const kept = lines.filter((line) => !rule.test(line) || used.some((icon) => icon.line === line));
  writeFileSync(join(directory, "codicon.css"), kept.join("\n"));
  writeFileSync(join(directory, "codicon.ttf"), font);
}
