import { isPacSpaceError } from "../../core/errors";

/** What a person is told of an error: ours speak for themselves, as do those of VS Code's commands. */
export function errorWords(error: unknown): string {
  if (isPacSpaceError(error) || error instanceof Error) return error.message;
  return String(error);
}
