import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { brotliCompressSync, constants, deflateSync, gzipSync } from "node:zlib";

/** What a server says on a bare socket, in place of an HTTP answer. */
export type RawAnswer = (socket: Socket) => void;

const MiB = 1024 * 1024;

/** Writes pieces as fast as they are taken, until there are none or the other side is gone. */
function pour(socket: Socket, pieces: Iterator<string | Buffer>, end?: () => void): void {
  socket.on("error", () => undefined);
  const more = (): void => {
    while (!socket.destroyed) {
      const { done, value } = pieces.next();
      if (done === true) return end?.();
      if (!socket.write(value)) return void socket.once("drain", more);
    }
  };
  more();
}

function* always(piece: string | Buffer): Generator<string | Buffer> {
  for (;;) yield piece;
}

function* first(head: string, rest: Iterable<string | Buffer>): Generator<string | Buffer> {
  yield head;
  yield* rest;
}

/** Says something, and nothing more. */
export function say(text: string | Buffer): RawAnswer {
  return (socket) => void socket.write(text);
}

/** Says something and hangs up. */
export function sayAndClose(text: string | Buffer): RawAnswer {
  return (socket) => void socket.end(text);
}

/** One byte after another. */
export function drip(head: string, text: string, everyMs: number): RawAnswer {
  return (socket) => {
    socket.on("error", () => undefined);
    if (head !== "") socket.write(head);
    let at = 0;
    const timer = setInterval(() => {
      if (socket.destroyed) clearInterval(timer);
      else socket.write(text.charAt(at++ % text.length));
    }, everyMs);
  };
}

/** Bytes that are no HTTP, the same ones each time. */
export const garbage: RawAnswer = sayAndClose(
  Buffer.concat(Array.from({ length: 128 }, (_, index) => createHash("sha256").update(String(index)).digest())),
);

/** 100 MiB of headers. */
export const hugeHead: RawAnswer = (socket) => {
  const line = `x-padding: ${"a".repeat(1_000)}\r\n`;
  const lines = Array.from({ length: 64 }, () => line).join("");
  function* pieces(): Generator<string> {
    yield "HTTP/1.1 200 OK\r\n";
    for (let bytes = 0; bytes < 100 * MiB; bytes += lines.length) yield lines;
  }
  pour(socket, pieces(), () => socket.end("\r\n"));
};

/** Interim answers without end. */
export const endlessInterim: RawAnswer = (socket) => {
  socket.on("error", () => undefined);
  const timer = setInterval(() => {
    if (socket.destroyed) clearInterval(timer);
    else socket.write("HTTP/1.1 102 Processing\r\n\r\n");
  }, 20);
};

/** A chunked body that never ends, as fast as it is taken. */
export function endlessBody(type: string, beginning: string): RawAnswer {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n`;
  const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
  return (socket) => pour(socket, first(head + chunk(beginning), always(Buffer.from(chunk("a".repeat(64 * 1024))))));
}

const pack = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: (plain: Buffer) => brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
};

/** A small body that is 64 MiB of blanks when it is unpacked. */
export function bomb(encoding: keyof typeof pack): RawAnswer {
  // Packed once: that takes longer than all the rest.
  const body = pack[encoding](Buffer.alloc(64 * MiB, " "));
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n`;
  return sayAndClose(Buffer.concat([Buffer.from(head), body]));
}
