/** The part of VS Code's SecretStorage that the stores need. */
export interface SecretBackend {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
  /** The keys of all that was stored and not deleted since; an entry that got lost may be among them. */
  keys(): PromiseLike<readonly string[]>;
  /**
   * Where names are kept beside the entries: forgets the name of an entry that got lost. An entry is left alone, for
   * another window may be storing it right now.
   * @returns whether there was a name without an entry
   */
  forgetName?(key: string): PromiseLike<boolean>;
}
