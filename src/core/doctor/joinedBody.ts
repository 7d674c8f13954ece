/** Bytes in front of the body: a timestamp's text and what stands around it. */
const room = 64;

/**
 * One body behind many beginnings, each time in one piece. Where very many timestamps are tried on one body, what an
 * HMAC costs per piece is felt.
 */
export class JoinedBody {
  readonly #bytes: Buffer;
  #joined: Buffer;

  /** @param body copied */
  constructor(body: Uint8Array) {
    this.#bytes = Buffer.allocUnsafe(room + body.length);
    this.#bytes.set(body, room);
    this.#joined = this.#bytes;
  }

  /**
   * The body behind a text.
   * @param before written as UTF-8, as an HMAC takes a text
   * @returns bytes that are valid until the next call; undefined when the text is too long
   */
  behind(before: string): Uint8Array | undefined {
    const start = room - Buffer.byteLength(before);
    if (start < 0) return undefined;
    this.#bytes.write(before, start);
    if (this.#joined.length !== this.#bytes.length - start) this.#joined = this.#bytes.subarray(start);
    return this.#joined;
  }
}
