/** Cuts a stream of bytes into messages, each of which begins with its length. */
export interface Frames {
  /** Takes what has come and answers the messages that are whole. */
  push(chunk: Buffer): readonly Buffer[];
}

/** Bytes: as `hello` tells the client. */
export const LARGEST_MESSAGE = 48_000_000;

export function createFrames(): Frames {
  let chunks: Buffer[] = [];
  let held = 0;

  /** The length of the message that the held bytes begin with; more than is held where it is not yet known. */
  function wanted(): number {
    if (held < 4) return 4;
    if ((chunks[0]?.length ?? 0) < 4) chunks = [Buffer.concat(chunks)];
    const length = chunks[0]?.readInt32LE(0) ?? 0;
    if (length < 16 || length > LARGEST_MESSAGE) throw new Error(`a message of ${length} bytes`);
    return length;
  }

  return {
    push(chunk) {
      chunks.push(chunk);
      held += chunk.length;
      const messages: Buffer[] = [];
      while (held >= 4 && held >= wanted()) {
        const bytes = chunks.length === 1 ? (chunks[0] ?? chunk) : Buffer.concat(chunks);
        const length = wanted();
        messages.push(bytes.subarray(0, length));
        chunks = bytes.length > length ? [bytes.subarray(length)] : [];
        held = bytes.length - length;
      }
      return messages;
    },
  };
}
