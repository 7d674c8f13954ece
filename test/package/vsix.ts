import { fromBuffer } from "yauzl";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";

export const vsixFile = new URL("../../dist/pacspace-webhooks.vsix", import.meta.url);

export interface PackedFile {
  readonly name: string;
  readonly bytes: number;
  readonly text: string;
}

/** The files of the packed extension, as a user gets them. */
export async function packedFiles(): Promise<readonly PackedFile[]> {
  return new Promise((resolve, reject) => {
    const files: PackedFile[] = [];
    fromBuffer(readFileSync(vsixFile), { lazyEntries: true }, (error, zip) => {
      if (error) {
        reject(error);
        return;
      }
      zip.on("entry", (entry: { fileName: string; uncompressedSize: number }) => {
        zip.openReadStream(entry as never, (streamError, stream) => {
          if (streamError) {
            reject(streamError);
            return;
          }
          text(stream).then((content) => {
            files.push({ name: entry.fileName, bytes: entry.uncompressedSize, text: content });
            zip.readEntry();
          }, reject);
        });
      });
      zip.on("end", () => resolve(files));
      zip.on("error", reject);
      zip.readEntry();
    });
  });
}
