// Draws cards with the open renderer of Adaptive Cards, as a host other than Teams would. Argument: JSON list of { file, width, dark, to };
// prints what the renderer had to say of each, and what people would see.
import { readFileSync } from 'node:fs';
import { open } from './browser.mjs';

const asked = JSON.parse(process.argv[2]);
const renderer = readFileSync('node_modules/adaptivecards/dist/adaptivecards.min.js', 'utf8');
const colours = dark => ({
  containerStyles: Object.fromEntries(['default', 'emphasis', 'attention', 'warning'].map(name => [name, {
    backgroundColor: dark ? { default: '#292929', emphasis: '#1f1f1f', attention: '#3b1519', warning: '#3a2d0c' }[name] : { default: '#ffffff', emphasis: '#f5f5f5', attention: '#fcf4f6', warning: '#fbf6d9' }[name],
    foregroundColors: Object.fromEntries(Object.entries(dark
      ? { default: ['#ffffff', '#adadad'], good: ['#92c353', '#92c353'], warning: ['#f8d22a', '#f8d22a'], attention: ['#f9526b', '#f9526b'] }
      : { default: ['#242424', '#616161'], good: ['#237b4b', '#237b4b'], warning: ['#835c00', '#835c00'], attention: ['#c4314b', '#c4314b'] })
      .map(([key, [plain, subtle]]) => [key, { default: plain, subtle }])),
  }])),
});

// Teams shows an element only where its targetWidth says; the renderer does not know the mark.
function fitted(element, narrow) {
  if (Array.isArray(element)) return element.map(item => fitted(item, narrow)).filter(item => item !== null);
  if (!element || typeof element !== 'object') return element;
  if (element.targetWidth === (narrow ? 'atLeast:Standard' : 'atMost:Narrow')) return null;
  const { targetWidth, ...rest } = element;
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, fitted(value, narrow)]));
}

const browser = await open();
const seen = [];
for (const { file, width, dark, to } of asked) {
  const card = fitted(JSON.parse(readFileSync(file, 'utf8')).attachments[0].content, width < 400);
  const page = await browser.newPage({ viewport: { width, height: 600 }, deviceScaleFactor: 1 });
  const requests = [];
  page.on('request', request => { if (request.url() !== 'about:blank') requests.push(request.url()); });
  await page.setContent(`<!DOCTYPE html><html lang="${card.lang}"><style>body{margin:0;padding:16px;background:${dark ? '#292929' : '#fff'}}</style><body></body></html>`);
  await page.evaluate(renderer);
  const result = await page.evaluate(({ card, colours, width }) => {
    const spacing = { small: 4, default: 8, medium: 16, large: 24, extraLarge: 32, padding: 12 };
    const host = new AdaptiveCards.HostConfig({ fontFamily: 'system-ui, "Noto Sans CJK SC", sans-serif', spacing, fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 }, fontWeights: { lighter: 300, default: 400, bolder: 600 }, ...colours, hostWidthBreakpoints: { veryNarrow: 165, narrow: 350, standard: 768 } });
    AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, answer) => { answer.outputHtml = document.createElement('i').appendChild(document.createTextNode(text)).parentElement.innerHTML.replace(/\\(.)/g, '$1').replace(/\*\*([^*]+)\*\*/g, '<b>$1</b>').replaceAll('\n\n', '<br>'); answer.didProcess = true; };
    const context = new AdaptiveCards.SerializationContext();
    const drawn = new AdaptiveCards.AdaptiveCard();
    drawn.hostConfig = host;
    drawn.parse(card, context);
    const element = drawn.render();
    document.body.append(element);
    drawn.updateLayout?.();
    const problems = [...Array(context.eventCount).keys()].map(at => { const event = context.getEventAt(at); return `${event.phase} ${event.event}: ${event.message}`; }).concat(drawn.validateProperties().validationEvents.map(event => `property ${event.event}: ${event.message}`));
    const clipped = [...element.querySelectorAll('.ac-textBlock, .ac-textRun')].filter(text => text.checkVisibility() && text.scrollWidth > text.clientWidth + 1).map(text => text.textContent.slice(0, 60));
    return { problems, clipped, text: element.innerText, links: element.querySelectorAll('a, img, script, iframe').length, sideways: Math.max(0, document.documentElement.scrollWidth - width) };
  }, { card, colours: colours(dark), width });
  if (to) await page.screenshot({ path: to, fullPage: true });
  seen.push({ file, width, dark: !!dark, requests, ...result });
  await page.close();
}
await browser.close();
console.log(JSON.stringify(seen));
