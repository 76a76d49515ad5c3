// Opens Chromium: the one named by GOVERNANCE_BROWSER, else one of this machine, else the one that comes as a package.
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function installed() {
  if (process.env.GOVERNANCE_BROWSER) return process.env.GOVERNANCE_BROWSER;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      if (folder && existsSync(join(folder, name))) return join(folder, name);
    }
  }
  return null;
}

// The package keeps the program and the libraries it needs packed; they are unpacked once, beside the package.
async function packaged() {
  const folder = resolve('node_modules', '.chromium');
  mkdirSync(folder, { recursive: true });
  process.env.TMPDIR = folder;
  const { default: packed, inflate } = await import('@sparticuz/chromium');
  const libraries = join(folder, 'al2023', 'lib');
  if (!existsSync(libraries)) await inflate(resolve('node_modules', '@sparticuz', 'chromium', 'bin', 'al2023.tar.br'));
  const executablePath = await packed.executablePath();
  return {
    executablePath,
    args: packed.args.filter(arg => !/web-security|insecure|single-process/.test(arg)),
    env: { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_PATH: join(folder, 'fonts') },
  };
}

export async function open() {
  const executablePath = installed();
  const options = executablePath ? { executablePath, args: [] } : await packaged();
  return chromium.launch({ ...options, args: [...options.args, '--no-sandbox', '--disable-dev-shm-usage', '--hide-scrollbars'], timeout: 120_000 });
}
