// Opens Chromium: the one named by GOVERNANCE_BROWSER, else one of this machine, else the one that comes as a package.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
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

  // The configuration that comes with the package names folders of the service it was made for; without a font no text is drawn.
  const fonts = join(folder, 'fonts.conf');
  writeFileSync(fonts, `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${join(folder, 'fonts')}</dir><dir>/usr/share/fonts</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>
`);
  return {
    executablePath,
    args: packed.args.filter(arg => !/web-security|insecure|single-process/.test(arg)),
    env: { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: fonts },
  };
}

export async function open() {
  const executablePath = installed();
  const options = executablePath ? { executablePath, args: [] } : await packaged();
  return chromium.launch({ ...options, args: [...options.args, '--no-sandbox', '--disable-dev-shm-usage', '--hide-scrollbars'], timeout: 120_000 });
}
