// Parses each file named and prints, as JSON, the places that the grammar does not understand.
import { readFileSync } from 'node:fs';
import { Language, Parser } from 'web-tree-sitter';

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load('node_modules/tree-sitter-bicep/tree-sitter-bicep.wasm'));
const problems = [];
for (const file of process.argv.slice(2)) {
  const visit = (node) => {
    if (node.isError || node.isMissing) {
      problems.push(`${file}:${node.startPosition.row + 1}:${node.startPosition.column + 1}`);
      return;
    }
    for (let n = 0; n < node.childCount; n++) visit(node.child(n));
  };
  visit(parser.parse(readFileSync(file, 'utf8')).rootNode);
}
console.log(JSON.stringify(problems));
