import { recordOf } from "../../core/model/fields";
import type { Framework } from "../../core/model/diagnosis";

/** A file that names a project's dependencies. */
export interface Manifest {
  /** Its path in the workspace, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Files worth reading, as a glob. */
export const manifestGlob =
  "**/{package.json,requirements*.txt,pyproject.toml,Pipfile,go.mod,Gemfile,composer.json,*.csproj,pom.xml,build.gradle,build.gradle.kts}";

type Reader = (text: string) => Framework | undefined;

/** The first of some frameworks whose pattern is found. */
function firstOf(patterns: readonly (readonly [Framework, RegExp])[]): Reader {
  return (text) => patterns.find(([, pattern]) => pattern.test(text))?.[0];
}

/** A framework built on another one stands before it. */
const packageNames: readonly (readonly [string, Framework])[] = [
  ["next", "nextjs"],
  ["hono", "hono"],
  ["fastify", "fastify"],
  ["@nestjs/platform-fastify", "fastify"],
  ["express", "express"],
  ["@nestjs/core", "express"],
];

function ofPackageJson(text: string): Framework | undefined {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { dependencies, devDependencies } = recordOf(manifest);
  const names = new Set([...Object.keys(recordOf(dependencies)), ...Object.keys(recordOf(devDependencies))]);
  return packageNames.find(([name]) => names.has(name))?.[1];
}

/** A requirement begins a line, or stands in quotes. */
const python = firstOf([
  ["fastapi", /(?:^|["'])fastapi\b/im],
  ["django", /(?:^|["'])django\b/im],
  ["flask", /(?:^|["'])flask\b/im],
]);

const readers: readonly (readonly [RegExp, Reader])[] = [
  [/^package\.json$/, ofPackageJson],
  [/^(?:requirements.*\.txt|pyproject\.toml|Pipfile)$/, python],
  [/^go\.mod$/, () => "go"],
  [/^Gemfile$/, firstOf([["rails", /^\s*gem\s+["']rails["']/m]])],
  [/^composer\.json$/, firstOf([["laravel", /"laravel\/(?:framework|lumen-framework)"/]])],
  [/\.csproj$/, firstOf([["aspnet", /Microsoft\.NET\.Sdk\.Web|Microsoft\.AspNetCore/]])],
  [/^(?:pom\.xml|build\.gradle(?:\.kts)?)$/, firstOf([["spring", /org\.springframework/]])],
];

function frameworkOf({ path, text }: Manifest): Framework | undefined {
  const name = path.split("/").at(-1) ?? "";
  return readers.find(([pattern]) => pattern.test(name))?.[1](text);
}

/**
 * The framework that a workspace's handler is most likely written in.
 * @param manifests in any order; of several that name a framework, the one nearest the workspace's root speaks
 * @returns undefined when none names one
 */
export function guessFramework(manifests: readonly Manifest[]): Framework | undefined {
  const depth = ({ path }: Manifest): number => path.split("/").length;
  const sorted = manifests.toSorted(
    (left, right) => depth(left) - depth(right) || (left.path < right.path ? -1 : left.path > right.path ? 1 : 0),
  );
  for (const manifest of sorted) {
    const framework = frameworkOf(manifest);
    if (framework !== undefined) return framework;
  }
  return undefined;
}
