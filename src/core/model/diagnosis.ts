import type { Cause, Verdict } from "./verdict";

/** The frameworks a fault can be mended in, and what people call them. */
export const frameworkNames = {
  express: "Express",
  fastify: "Fastify",
  nextjs: "Next.js",
  hono: "Hono",
  flask: "Flask",
  fastapi: "FastAPI",
  django: "Django",
  go: "Go net/http",
  spring: "Spring",
  rails: "Rails",
  laravel: "Laravel",
  aspnet: "ASP.NET Core",
} as const;

export type Framework = keyof typeof frameworkNames;

/** The code that mends a fault, a few lines per framework. */
export type Mending = Readonly<Record<Framework, string>>;

/** A few bytes around a place, to be shown beside their counterpart. */
export interface Snippet {
  /** Where the first byte that differs lies, counted from 0. */
  readonly differsAt: number;
  /** Where the bytes shown begin. */
  readonly start: number;
  /** The bytes as pairs of hex digits with a space between. */
  readonly hex: string;
  /** The same bytes as text: what can't be seen is escaped. */
  readonly text: string;
}

/** A cause with all that the answer shows of it. It holds no secret and no signature but the received one. */
export interface Finding extends Cause {
  /** What arrived, and what it had to be for the signature to match; for a handler: what it got, and what it signed. */
  readonly before?: Snippet;
  readonly after?: Snippet;
  /** What to change, in one sentence. */
  readonly change: string;
  readonly mending: Mending;
}

/** What was tried of one family. */
export interface Attempts {
  readonly family: string;
  /** How many HMACs. */
  readonly count: number;
  /** How long they took, turns of others included. */
  readonly elapsedMs: number;
}

/** The verdict with everything found on the way. Plain data: it passes through a message. */
export interface Diagnosis extends Verdict {
  /** One per cause, in the same order. */
  readonly findings: readonly Finding[];
  /** What was tried, by family of attempts, in the order they were made. */
  readonly attempts: readonly Attempts[];
  /** The whole run's. */
  readonly elapsedMs: number;
  /** True when the time allowed ended before everything was tried; with no time for more than single changes, too. */
  readonly outOfTime: boolean;
  /** When nothing is proven: the one further fact that would decide. */
  readonly nextFact?: string;
}
