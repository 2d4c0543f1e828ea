/** A live line on stderr while the scan works; nothing where stderr is no terminal. */
export function progressLine(enabled: boolean): { update(done: number, total: number): void; end(): void } {
  let shown = 0;
  let drawn = false;
  return {
    update(done, total) {
      const now = Date.now();
      if (!enabled || now - shown < 80) return;
      shown = now;
      drawn = true;
      process.stderr.write(`\r\u001b[2Kreading ${done.toLocaleString('en')} of ${total.toLocaleString('en')} files`);
    },
    end() {
      if (drawn) process.stderr.write('\r\u001b[2K');
      drawn = false;
    },
  };
}
