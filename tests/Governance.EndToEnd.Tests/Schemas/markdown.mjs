// Reads paragraphs (a JSON list of texts in a file) as GitHub does, addresses made links; prints those that are more than text.
import { readFileSync } from 'node:fs';
import MarkdownIt from 'markdown-it';

const reader = new MarkdownIt({ html: true, linkify: true });
const plain = new Set(['text', 'text_special']);
const marked = [];
for (const text of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  const tokens = reader.parse(`Name: ${text}`, {});
  const inline = tokens.flatMap(token => token.children ?? []);
  if (tokens.length !== 3 || tokens[0].type !== 'paragraph_open' || !inline.every(token => plain.has(token.type))) marked.push(text);
}
console.log(JSON.stringify(marked));
