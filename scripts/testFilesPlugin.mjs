import { readdirSync } from "node:fs";
import { relative, sep } from "node:path";

/**
 * An esbuild plugin: `import { testFiles } from "test-files"` gives every `*.test.ts` at and below the importing file's
 * folder, each loaded by a function of its own. One bundle, so that the files share what they import.
 * @type {import("esbuild").Plugin}
 */
export const testFilesPlugin = {
  name: "test-files",
  setup(build) {
    build.onResolve({ filter: /^test-files$/ }, ({ resolveDir }) => ({ path: resolveDir, namespace: "test-files" }));
    build.onLoad({ filter: /.*/, namespace: "test-files" }, ({ path: folder }) => {
      const names = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith(".test.ts"))
        .map((entry) => relative(folder, `${entry.parentPath}${sep}${entry.name}`).replaceAll(sep, "/"))
        .sort();
      const list = names.map(
        (name) => `{ name: ${JSON.stringify(name)}, load: () => import(${JSON.stringify(`./${name}`)}) }`,
      );
      return { contents: `export const testFiles = [${list.join(",\n")}];`, resolveDir: folder, watchDirs: [folder] };
    });
  },
};
