/** SHA-256, as a port, so that `domain` and `monitor` need no package for it. */
export interface Digest {
  /** Lower-case hex of the SHA-256 of these bytes, or of this text's UTF-8 bytes. */
  sha256Hex(data: Uint8Array | string): string;
}
