import { createHmac } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureHandlerPrograms } from "../../scripts/handlers.mjs";
import { handlerTemplates, type HandlerTemplate } from "../../src/core/handlers";
import { post } from "../../src/send/post";
import { startProgram, type Program } from "./program";
import { secret } from "./prove";
import { TemplateStarts } from "./templateStarts";

let starts: TemplateStarts;

beforeAll(async () => {
  starts = await TemplateStarts.make(await ensureHandlerPrograms());
});

afterAll(async () => {
  await starts.remove();
});

interface Work {
  /** The line of `handle` that a person's own work follows. */
  readonly after: string;
  /** Work that takes a second and a half, and fails while there is a file named broken. */
  readonly lines: string;
  /** What the lines need beside. */
  readonly imports?: readonly [before: string, lines: string];
}

const javascript: Work = {
  after: 'console.log("handling", event.event);',
  lines: `await new Promise((resolve) => setTimeout(resolve, 1500));
  if ((await import("node:fs")).existsSync("broken")) throw new Error("The database is away.");`,
};

const python: Work = {
  after: 'print("handling", event["event"])',
  lines: `    time.sleep(1.5)
    if os.path.exists("broken"):
        raise RuntimeError("The database is away.")`,
};

const works: Readonly<Record<string, Work>> = {
  express: javascript,
  fastify: javascript,
  hono: javascript,
  node: javascript,
  flask: python,
  fastapi: {
    ...python,
    lines: python.lines.replace("time.sleep", "await asyncio.sleep"),
    imports: ["import hashlib", "import asyncio"],
  },
  django: python,
  go: {
    after: 'log.Println("handling", e.Event)',
    lines: `time.Sleep(1500 * time.Millisecond)
	if _, err := os.Stat("broken"); err == nil {
		return io.ErrUnexpectedEOF
	}`,
  },
  php: {
    after: "error_log('handling ' . $event['event']);",
    lines: `usleep(1500000);
    if (file_exists(__DIR__ . '/broken')) throw new Exception('The database is away.');`,
  },
};

function templateOf(id: string): HandlerTemplate {
  const template = handlerTemplates.find((each) => each.id === id);
  if (template === undefined) throw new Error(`There is no handler ${id}.`);
  return template;
}

function write({ after, lines, imports: [before, more] = ["", ""] }: Work) {
  return (content: string): string => {
    expect(content).toContain(after);
    const written = content.replace(after, () => `${after}\n${lines}`);
    return more === "" ? written : written.replace(before, `${more}\n${before}`);
  };
}

/** Delivers one and the same event. */
async function deliver(url: string): Promise<{ readonly status: number; readonly text: string }> {
  const body = '{"event":"webhook.test","data":{}}';
  const timestamp = String(Math.floor(Date.now() / 1000));
  const digest = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  const headers = [
    ["X-PacSpace-Signature", `v1=${digest}`],
    ["X-PacSpace-Timestamp", timestamp],
    ["X-Event-ID", "evt_1"],
  ] as const;
  // A server that failed may close a connection that would be used again.
  const answer = await post({ url, headers, body: Buffer.from(body) }, { ownConnection: true });
  return { status: answer.status, text: Buffer.from(answer.body).toString() };
}

function timesHandled(handler: Program): number {
  return handler.printed().split("handling ").length - 1;
}

describe("an event whose first attempt fails after the second has come is handled by the third: the handler for", () => {
  test.each(Object.entries(works))("%s", async (id, work) => {
    const start = await starts.changed(templateOf(id), `${id}-slow`, write(work));
    const broken = path.join(start.cwd, "broken");
    await writeFile(broken, "");
    const handler = await startProgram(start, secret);
    try {
      const first = deliver(handler.url);
      await expect.poll(() => timesHandled(handler), { timeout: 10_000 }).toBe(1);
      expect((await deliver(handler.url)).status).toBe(409);
      expect((await first).status, handler.printed()).toBe(500);
      await rm(broken);
      expect((await deliver(handler.url)).status, handler.printed()).toBe(200);
      expect((await deliver(handler.url)).status).toBe(200);
      expect(timesHandled(handler)).toBe(2);
    } finally {
      await handler.stop();
    }
  });
});

describe("the handler in PHP answers 500 and shows nothing", () => {
  const after = "error_log('handling ' . $event['event']);";

  test.each([
    ["what it does throws", "if (file_exists(__DIR__ . '/broken')) throw new Exception('The database is away.');"],
    [
      "PHP ends it",
      "if (file_exists(__DIR__ . '/broken')) { ini_set('memory_limit', '4M'); str_repeat('x', 100000000); }",
    ],
  ])("when %s, and handles the next attempt", async (name, lines) => {
    const start = await starts.changed(templateOf("php"), name.replaceAll(" ", "-"), write({ after, lines }));
    const broken = path.join(start.cwd, "broken");
    await writeFile(broken, "");
    const handler = await startProgram(start, secret);
    try {
      expect(await deliver(handler.url)).toEqual({ status: 500, text: "" });
      await rm(broken);
      expect((await deliver(handler.url)).status, handler.printed()).toBe(200);
      expect(timesHandled(handler)).toBe(2);
    } finally {
      await handler.stop();
    }
  });

  test("when the event can't be claimed", async () => {
    const start = await starts.changed(templateOf("php"), "php-unwritable", (content) => content);
    await writeFile(path.join(start.cwd, "pacspace-events"), "no folder");
    const handler = await startProgram(start, secret);
    try {
      expect(await deliver(handler.url)).toEqual({ status: 500, text: "" });
      expect(timesHandled(handler)).toBe(0);
      expect(handler.printed()).toContain("must be a folder that PHP can write to");
    } finally {
      await handler.stop();
    }
  });
});
