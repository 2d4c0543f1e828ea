import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

/** Debian's Chromium with a profile of its own, without a word to any network; `close` ends it and deletes the profile. */
export async function openChromium(
  options: { colorScheme?: 'light' | 'dark'; width?: number; height?: number; javaScript?: boolean } = {},
) {
  if (!existsSync(executablePath)) throw new Error(`${executablePath} is not there: bash scripts/services.sh installs it`);
  const profile = mkdtempSync(join(tmpdir(), 'readiness-chromium-'));
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    colorScheme: options.colorScheme ?? 'light',
    viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
    javaScriptEnabled: options.javaScript ?? true,
  });
  return {
    context,
    page: context.pages()[0] ?? (await context.newPage()),
    async close(): Promise<void> {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
