import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as vscode from "vscode";
import { writeAddress } from "../../src/host/documents/documentAddress";
import { damaged, hostileText, hostileTexts } from "../fuzz/hostile";
import { mutated } from "../fuzz/mutated";
import { Random } from "../fuzz/random";
import { fuzzSeed } from "../fuzz/runs";
import { activated, call, startLocal } from "./support";

const count = 100;
/** What a document whose address leads nowhere says; an editor shows it as text. */
const excuses: Readonly<Record<string, RegExp>> = {
  "pacspace-answer": /^# This answer was kept until the window closed\.\n$/,
  "pacspace-list": /^This list was made in a window that is closed by now\.$/,
};

/** Of each scheme, as links of another extension, a file or a page may give it. */
function someUri(random: Random, scheme: string): vscode.Uri {
  const address = {
    environment: random.pick(["https://app.pacspace.io", "Local PacSpace", ...hostileTexts]),
    delivery: { id: random.pick(["evt_1", "../../evt_1", ...hostileTexts]), webhookId: "webhook_1" },
    part: "answer",
    attempt: 1,
  } as const;
  const { path, query } = writeAddress(address, "test", "http");
  const asked = JSON.stringify(damaged(random, JSON.parse(query)));
  return vscode.Uri.from({
    scheme,
    authority: random.below(4) === 0 ? mutated(random, "example.org") : "",
    path: `/${random.below(2) === 0 ? path.slice(1) : hostileText(random).replace(/^\/+/, "")}`,
    query: random.below(3) === 0 ? mutated(random, asked) : asked,
    fragment: random.below(4) === 0 ? hostileText(random) : "",
  });
}

describe("addresses that somebody else wrote", () => {
  const requests: string[] = [];
  let server: Server;

  before(async () => {
    await activated();
    server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      response.setHeader("content-type", "application/json");
      response.end('{"success":true,"data":{"webhooks":[],"deliveries":[],"pagination":{"total":0}}}');
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    await call("switchEnvironment", { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    await call("signIn", { method: "cookie", cookie: "pacspace_session=of-the-test" });
    await call("refresh");
    assert.notEqual(requests.length, 0, "the server is the one that is asked");
  });

  after(async () => {
    await startLocal("empty");
    await call("stopLocal");
    server.closeAllConnections();
    server.close();
  });

  for (const scheme of ["pacspace", ...Object.keys(excuses)]) {
    it(`of the scheme ${scheme} lead to an error or a text, and no request goes out`, async () => {
      // What refreshes the views after a sign-in may still be on its way.
      await call("refresh");
      const random = new Random(fuzzSeed);
      const before = [...requests];
      for (let round = 0; round < count; round++) {
        const uri = someUri(random, scheme);
        let text: string | undefined;
        try {
          text = (await vscode.workspace.openTextDocument(uri)).getText();
        } catch (error) {
          assert.ok(error instanceof Error, `round ${round}`);
          assert.notEqual(error.message, "");
        }
        const excuse = excuses[scheme];
        // One of another environment, or of none, has no text; a kept answer or list that is not there says so.
        if (text !== undefined) assert.match(text, excuse ?? /^$/, `round ${round}: ${uri.toString()}`);
      }
      assert.deepEqual(requests, before);
    });
  }
});
