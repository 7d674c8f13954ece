import type * as vscode from "vscode";
import type { Fields } from "../../core/model/fields";
import type { ProgressPlace, Task } from "../platform/task";
import type { TreeNode } from "../tree/nodes";

/** A button of an outcome or of an error. */
export interface Choice {
  readonly label: string;
  run(): unknown;
}

/** What is shown once, when a command was not called by argument. */
export interface Announcement {
  readonly severity: "information" | "warning";
  readonly message: string;
  readonly choices?: readonly Choice[];
}

/**
 * One command. It takes its answers as one argument object, or asks for what is missing; both ways lead to the same
 * work. The runner runs it, shows what came of it and turns errors into words.
 */
export interface Command<Input, Result> {
  readonly id: `pacspace.${string}`;
  /** Where progress is shown when a person called it; nowhere by default. */
  readonly progress?: { readonly place: ProgressPlace; readonly title: string };
  /** Works on one row: where several are selected, on the clicked one. All selected ones by default. */
  readonly single?: true;
  /** Reads the argument object. Throws PacSpaceError `invalid` for what is missing or wrong. */
  read(argument: Fields): Input;
  /** Asks a person, with the rows or the files it was called on; undefined when the person gave up. */
  ask(nodes: readonly TreeNode[], files: readonly vscode.Uri[]): Promise<Input | undefined>;
  run(input: Input, task: Task): Promise<Result>;
  /** What a person is told of the outcome; nothing where the views show it. */
  announce?(result: Result, input: Input): Announcement | undefined;
}

/** A command of any input and result, as the runner keeps them side by side. */
export type AnyCommand = Command<never, object>;
