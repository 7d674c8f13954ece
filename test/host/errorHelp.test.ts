import assert from "node:assert/strict";
import { PacSpaceError } from "../../src/core/errors";
import { environmentOf } from "../../src/core/model/environment";
import { errorHelp } from "../../src/host/commands/errorHelp";
import type { Services } from "../../src/host/services";

describe("the buttons of an error", () => {
  it("start Local PacSpace only where it does not run", () => {
    const error = new PacSpaceError("network", "Nothing listens at http://localhost:3000. Start your handler.");
    const environment = environmentOf("local", "Local PacSpace", "http://127.0.0.1:4400");
    const labels = (running: object | undefined): readonly string[] => {
      const services = { local: { running }, account: () => ({ environment }) } as unknown as Services;
      return errorHelp(services, error).map(({ label }) => label);
    };
    assert.deepEqual(labels(undefined), ["Start Local PacSpace"]);
    assert.deepEqual(labels({ baseUrl: environment.baseUrl, port: 4400, seededSecrets: [] }), []);
  });
});
