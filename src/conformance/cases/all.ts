import type { ProofCase } from "../proofCase";
import { bodyCases } from "./body";
import { closingCases, conductCases, openingCases } from "./conduct";
import { signatureCases } from "./signature";
import { timeCases } from "./time";

/** Every case, in the order in which they run. */
export const proofCases: readonly ProofCase[] = [
  ...openingCases,
  ...timeCases,
  ...bodyCases,
  ...conductCases,
  // What is most likely to bring a handler down comes last, so that the others have been told by then.
  ...signatureCases,
  ...closingCases,
];
