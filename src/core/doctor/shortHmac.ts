import { hash, type KeyObject } from "node:crypto";

/** SHA-256's block: what stands in front of either hash of an HMAC (RFC 2104, section 2). */
const blockBytes = 64;
/** In front of the body: a timestamp's text and what stands around it. */
const roomBytes = 64;
const digestBytes = 32;
/** What is made of so many keys is kept at most: of secrets changed twice there are very many, each tried a few times. */
const mostKeys = 1_024;

interface Pads {
  readonly inner: Uint8Array;
  readonly outer: Uint8Array;
}

function padsOf(key: KeyObject): Pads {
  const secret = key.export();
  const block = Buffer.alloc(blockBytes);
  block.set(secret.length > blockBytes ? hash("sha256", secret, "buffer") : secret);
  return { inner: block.map((byte) => byte ^ 0x36), outer: block.map((byte) => byte ^ 0x5c) };
}

/**
 * HMAC-SHA-256 of one short body behind many beginnings, by many keys. Of a short message `createHmac` takes longer for
 * the making of its object than for the hash, which is felt where very many are tried; an HMAC is two plain hashes, and
 * each of them is one call here.
 */
export class ShortHmac {
  readonly #bytes: Buffer;
  readonly #outer = Buffer.alloc(blockBytes + digestBytes);
  readonly #pads = new Map<KeyObject, Pads>();
  #message: Buffer;
  #start = 0;
  #end = 0;

  /** @param mostBytes of a body */
  constructor(mostBytes: number) {
    this.#bytes = Buffer.allocUnsafe(blockBytes + roomBytes + mostBytes);
    this.#message = this.#bytes;
  }

  /**
   * Takes the body that follows each beginning.
   * @param body copied; not longer than `mostBytes`
   */
  take(body: Uint8Array): void {
    this.#bytes.set(body, blockBytes + roomBytes);
    this.#end = blockBytes + roomBytes + body.length;
  }

  /**
   * Sets what stands in front of the body.
   * @param before written as UTF-8, as an HMAC takes a text
   * @returns false when it is too long; `digest` must not be called then
   */
  begin(before: string): boolean {
    const start = roomBytes - Buffer.byteLength(before);
    if (start < 0) return false;
    this.#bytes.write(before, blockBytes + start);
    if (start !== this.#start || this.#message.length !== this.#end - start) {
      this.#start = start;
      this.#message = this.#bytes.subarray(start, this.#end);
    }
    return true;
  }

  #keep(key: KeyObject): Pads {
    if (this.#pads.size === mostKeys) this.#pads.clear();
    const pads = padsOf(key);
    this.#pads.set(key, pads);
    return pads;
  }

  /** @returns the HMAC of beginning and body, 64 lower-case hex digits */
  digest(key: KeyObject): string {
    const pads = this.#pads.get(key) ?? this.#keep(key);
    this.#bytes.set(pads.inner, this.#start);
    this.#outer.set(pads.outer);
    // A text of bytes costs less than a buffer of its own.
    this.#outer.write(hash("sha256", this.#message, "binary"), blockBytes, "latin1");
    return hash("sha256", this.#outer);
  }
}
