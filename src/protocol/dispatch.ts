import * as v from "valibot";

/** One handler per message type: a map that misses one does not compile. */
export type Handlers<M extends { readonly type: string }, R = void> = {
  readonly [T in M["type"]]: (message: Extract<M, { readonly type: T }>) => R;
};

/**
 * Makes a receiver of messages: each is checked against the schema and handed to the handler of its type.
 * @param dropped called for a message that is not in the schema, with its type where that is a known one: what it holds
 * is nobody's business
 * @returns a function that takes anything; undefined when the message was dropped, else what the handler returns
 */
export function dispatcher<M extends { readonly type: string }, R = void>(
  schema: v.GenericSchema<unknown, M>,
  handlers: Handlers<M, R>,
  dropped: (type: string) => void,
): (value: unknown) => R | undefined {
  const byType = new Map<string, (message: never) => R>(Object.entries(handlers));
  return (value) => {
    const result = v.safeParse(schema, value);
    if (!result.success) {
      const type = v.safeParse(v.object({ type: v.string() }), value);
      dropped(type.success && byType.has(type.output.type) ? type.output.type : "unknown");
      return undefined;
    }
    return byType.get(result.output.type)?.(result.output as never);
  };
}
