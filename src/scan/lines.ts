/** Lines of raw bytes that hold something besides blanks, without decoding them. */
export function countLines(bytes: Uint8Array): number {
  let lines = 0;
  let ink = 0;
  for (let i = 0, n = bytes.length; i < n; i++) {
    const byte = bytes[i]!;
    if (byte > 32) ink = 1;
    else if (byte === 10) {
      lines += ink;
      ink = 0;
    }
  }
  return lines + ink;
}

/** A function from byte offsets to line indexes (from 0) that is cheap when the offsets (nearly) ascend. */
export function lineCounter(bytes: Uint8Array): (offset: number) => number {
  let line = 0;
  let at = 0;
  return (offset) => {
    for (; at < offset; at++) if (bytes[at] === 10) line++;
    for (; at > offset; at--) if (bytes[at - 1] === 10) line--;
    return line;
  };
}
