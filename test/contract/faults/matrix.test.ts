import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demoAccount } from "../../../src/local/demoAccount";
import { startLocalPacSpace, type LocalPacSpace } from "../../../src/local/server";
import { signIn, temporaryDirectory, type Client, type DeliveryRow } from "../local/support";
import { MemorySecrets } from "../state/lab";
import { openAccount } from "../state/openAccount";
import { misbehaviours, type Misbehaviour } from "./misbehaviours";
import { document } from "./document";
import { routes, type Route } from "./routes";
import { meet, type Grounds, type Outcome } from "./run";

/** How many cells run side by side, beside those that only wait for their limit. */
const atOnce = 8;

let local: LocalPacSpace;
let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let grounds: Grounds;

beforeAll(async () => {
  local = await startLocalPacSpace({ seed: "demo", retryDelaysMs: [3_600_000] });
  folder = await temporaryDirectory();
  const direct = await signIn(local.baseUrl);
  const secrets = new MemorySecrets();
  const account = openAccount(local.baseUrl, secrets, folder.path);
  await account.signIn(async (api) => {
    await api.auth.login(demoAccount.email, demoAccount.password);
  });
  await account.close();
  const failed = await failedDeliveries(direct);
  let taken = 0;
  grounds = {
    baseUrl: local.baseUrl,
    direct,
    session: secrets.entries.get("session:Local PacSpace") ?? "",
    folder: folder.path,
    failedDelivery: () => {
      const id = failed.pop();
      if (id === undefined) throw new Error("The demo account has too few failed deliveries.");
      return id;
    },
    webhook: async () => {
      const number = taken++;
      const url = `https://example.com/own/${number}`;
      const { id } = (await direct.call("POST", "", { body: { url } })).json.data;
      return String(id);
    },
  };
});

afterAll(async () => {
  await local.close();
  await folder.remove();
});

/** Failed deliveries whose event went to one webhook alone, the oldest first. */
async function failedDeliveries(direct: Client): Promise<string[]> {
  const rows: DeliveryRow[] = [];
  for (let offset = 0; offset < 500; offset += 100) {
    rows.push(...(await direct.call("GET", `/deliveries?limit=100&offset=${offset}`)).json.data.deliveries);
  }
  const alone = rows.filter(({ id }) => rows.filter((row) => row.id === id).length === 1);
  return alone
    .filter(({ status }) => status === "failed")
    .map(({ id }) => id)
    .reverse();
}

type Planned = readonly [Route, Misbehaviour];

/** Runs all cells: those that wait for their limit all at once, the others some side by side. */
async function all(cells: readonly Planned[], cancel: boolean): Promise<readonly Outcome[]> {
  const outcomes = new Map<Planned, Outcome>();
  const broken: string[] = [];
  const run = async (cell: Planned): Promise<void> => {
    const [route, misbehaviour] = cell;
    try {
      outcomes.set(cell, await meet(grounds, route, misbehaviour, cancel));
    } catch (error) {
      broken.push(`${route.name}: ${misbehaviour.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const waiting = cells.filter(([, { hangs }]) => hangs);
  const others = cells.filter(([, { hangs }]) => !hangs);
  const worker = async (): Promise<void> => {
    for (let next = others.shift(); next !== undefined; next = others.shift()) await run(next);
  };
  await Promise.all([...waiting.map(run), ...Array.from({ length: atOnce }, worker)]);
  expect(broken).toEqual([]);
  return cells.flatMap((cell) => outcomes.get(cell) ?? []);
}

test(
  "every route meets every misbehaviour, and docs/faults.md tells what a person sees",
  { timeout: 300_000 },
  async () => {
    const cells = routes.flatMap((route) => misbehaviours.map((misbehaviour) => [route, misbehaviour] as const));
    const outcomes = await all(cells, false);
    const file = path.join(import.meta.dirname, "../../../docs/faults.md");
    await expect(document(outcomes)).toMatchFileSnapshot(file);
  },
);

test("every wait that could go on to its limit ends at once by a cancel", { timeout: 120_000 }, async () => {
  const hanging = misbehaviours.filter(({ hangs }) => hangs);
  const cells = routes.flatMap((route) => hanging.map((misbehaviour) => [route, misbehaviour] as const));
  for (const { told } of await all(cells, true)) expect(told).toMatch(/^Cancelled: /);
});
