// Looks at a report as people do. Argument: JSON with file, and what to do; prints JSON with what was seen.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { open } from './browser.mjs';

const asked = JSON.parse(process.argv[2]);
const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const standard = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const browser = await open();
const seen = [];

async function visit(file, { width, dark, script = true }, act) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: dark ? 'dark' : 'light', javaScriptEnabled: script, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const troubles = [];
  page.on('console', message => { if (['error', 'warning'].includes(message.type())) troubles.push(`${message.type()}: ${message.text()}`); });
  page.on('pageerror', error => troubles.push(`page error: ${error.message}`));
  const address = pathToFileURL(file).href;
  page.on('request', request => { if (request.url() !== address && !request.url().startsWith('data:')) troubles.push(`request: ${request.url()}`); });
  await page.goto(address);
  const result = await act(page);
  await context.close();
  return { file, width, dark, troubles, ...result };
}

const sideways = page => page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth));

async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(tags => axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }), standard);
  return found.violations.flatMap(rule => rule.nodes.slice(0, 3).map(node => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary}`));
}

const acts = {
  look: async page => ({ height: await page.evaluate(() => document.documentElement.scrollHeight), sideways: await sideways(page), violations: await violations(page), checked: await page.evaluate(() => document.querySelectorAll('main *').length) }),
  unfolded: async page => {
    await page.evaluate(() => document.querySelectorAll('details').forEach(part => { part.open = true; }));
    return { sideways: await sideways(page), violations: await violations(page), checked: await page.evaluate(() => document.querySelectorAll('main *').length) };
  },
  use: async page => {
    const names = () => page.$$eval('#app-table tbody tr:not([hidden]) th', cells => cells.map(cell => cell.firstElementChild.textContent.trim()));
    const before = await names();
    await page.click('#app-table thead th:first-child button');
    const sorted = await names();
    const mark = await page.getAttribute('#app-table thead th:first-child', 'aria-sort');
    await page.click('#app-table thead th:first-child button');
    const turned = await names();
    await page.fill('#filter-app-table', before[0]);
    const filtered = await names();
    const said = await page.textContent('[for=filter-app-table] + input + output');
    return { before, sorted, turned, mark, filtered, said };
  },
  // Without script folds are opened one by one, as people do.
  plain: async page => {
    for (const summary of await page.locator('details[data-of] > summary').all()) await summary.click();
    return {
      buttons: await page.locator('button').count(),
      filters: await page.locator('.filter:visible').count(),
      rows: await page.locator('#app-table tbody tr, #app-table-rest tbody tr').count(),
      findings: await page.locator('#finding-table tbody tr, #finding-table-rest tbody tr').count(),
      shown: await page.locator('#app-table tbody tr:visible, #app-table-rest tbody tr:visible').count(),
    };
  },
  keys: async page => {
    const wanted = await page.evaluate(() => {
      const all = [...document.querySelectorAll('a[href],button,input,summary,[tabindex="0"]')].filter(element => element.checkVisibility());
      all.forEach((element, at) => { element.dataset.stop = at; });
      return all.length;
    });
    const reached = [];
    let unseen = 0;
    for (let press = 0; press < wanted + 5; press++) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const element = document.activeElement;
        return { at: element?.dataset?.stop ?? null, seen: getComputedStyle(element).outlineStyle !== 'none' };
      });
      if (stop.at === null) break;
      reached.push(Number(stop.at));
      if (!stop.seen) unseen++;
    }
    return { wanted, reached: new Set(reached).size, inOrder: reached.every((stop, at) => at === 0 || stop > reached[at - 1]), unseen };
  },
  // Tables that show on paper while what names them does not; the rest of a long table stands below its beginning.
  paper: async page => {
    await page.emulateMedia({ media: 'print' });
    return {
      unnamed: await page.$$eval('table[aria-labelledby]', tables => tables.filter(table => table.checkVisibility() && !table.id.endsWith('-rest')
        && !table.getAttribute('aria-labelledby').split(' ').some(id => document.getElementById(id)?.checkVisibility())).map(table => table.id || table.getAttribute('aria-labelledby'))),
      tables: await page.$$eval('table[aria-labelledby]', tables => tables.filter(table => table.checkVisibility()).length),
    };
  },
  picture: async (page, { to }) => { await page.screenshot({ path: to, fullPage: true }); return { to }; },
};

for (const step of asked) {
  seen.push(await visit(step.file, step, page => acts[step.act](page, step)));
}
await browser.close();
console.log(JSON.stringify(seen));
