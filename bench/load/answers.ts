/** Counts the answers in a stream of bytes, with as little work as possible: the load must not be the limit. */
const HEAD_END = Buffer.from('\r\n\r\n');

export class AnswerCounter {
  #rest: Buffer = Buffer.alloc(0);
  /** The bytes that the last answer had after its head. */
  #bodyLeft = 0;

  /** The statuses of the answers that these bytes complete. Only `Content-Length` framing is understood. */
  take(chunk: Buffer): number[] {
    const statuses: number[] = [];
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      if (this.#bodyLeft > 0) {
        const skipped = Math.min(this.#bodyLeft, bytes.length);
        bytes = bytes.subarray(skipped);
        this.#bodyLeft -= skipped;
      }
      const end = this.#bodyLeft > 0 ? -1 : bytes.indexOf(HEAD_END);
      if (end < 0) break;
      const head = bytes.toString('latin1', 0, end);
      statuses.push(Number(head.slice(9, 12)));
      this.#bodyLeft = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      bytes = bytes.subarray(end + HEAD_END.length);
    }
    this.#rest = bytes;
    return statuses;
  }
}

export function requestBytes({ host, pathname }: URL, key: string): Buffer {
  return Buffer.from(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nD360-API-KEY: ${key}\r\n\r\n`);
}
