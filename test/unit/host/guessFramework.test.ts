import { expect, test } from "vitest";
import { guessFramework } from "../../../src/host/platform/guessFramework";

test.each([
  ["package.json", '{"dependencies":{"express":"^4"}}', "express"],
  ["package.json", '{"dependencies":{"express":"^4","next":"15"}}', "nextjs"],
  ["package.json", '{"devDependencies":{"fastify":"5"}}', "fastify"],
  ["package.json", '{"dependencies":{"hono":"4"}}', "hono"],
  ["requirements.txt", "requests\nFlask==3.0\n", "flask"],
  ["requirements-dev.txt", "fastapi[standard]\n", "fastapi"],
  ["pyproject.toml", 'dependencies = [\n  "django>=5",\n]', "django"],
  ["pyproject.toml", '[tool.poetry.dependencies]\nfastapi = "^0.110"\n', "fastapi"],
  ["services/hooks/go.mod", "module example.com/hooks\n", "go"],
  ["Gemfile", 'source "https://rubygems.org"\ngem "rails", "~> 8"\n', "rails"],
  ["composer.json", '{"require":{"laravel/framework":"^11"}}', "laravel"],
  ["Hooks.csproj", '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', "aspnet"],
  ["pom.xml", "<groupId>org.springframework.boot</groupId>", "spring"],
  ["build.gradle.kts", 'id("org.springframework.boot") version "3.5"', "spring"],
] as const)("%s tells %#: %s", (path, text, framework) => {
  expect(guessFramework([{ path, text }])).toBe(framework);
});

test.each([
  ["package.json", "{"],
  ["package.json", "[]"],
  ["package.json", '{"dependencies":{"express-rate-limit":"7"}}'],
  ["package.json", '{"dependencies":"__proto__"}'],
  ["requirements.txt", "pytest-flasker\n# uses no framework\n"],
  ["Gemfile", 'gem "sinatra"'],
  ["composer.json", '{"require":{"symfony/symfony":"7"}}'],
  ["pom.xml", "<project/>"],
  ["README.md", "express"],
])("%s of something else tells nothing: %#", (path, text) => {
  expect(guessFramework([{ path, text }])).toBeUndefined();
});

test("of several manifests the one nearest the root speaks, in any order", () => {
  const manifests = [
    { path: "examples/a/package.json", text: '{"dependencies":{"express":"4"}}' },
    { path: "tools/package.json", text: "{}" },
    { path: "api/go.mod", text: "module x" },
  ];
  expect(guessFramework(manifests)).toBe("go");
  expect(guessFramework(manifests.toReversed())).toBe("go");
  expect(guessFramework([])).toBeUndefined();
});
