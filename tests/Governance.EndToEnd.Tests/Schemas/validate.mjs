// Holds documents against schemas. Argument: JSON list of { schema, at, file, lines, closed }; prints the problems of each as JSON.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

// Readers pass over fields they do not know; a test must not.
function close(schema) {
  if (Array.isArray(schema)) schema.forEach(close);
  else if (schema && typeof schema === 'object') {
    if (schema.properties && schema.additionalProperties === undefined) schema.additionalProperties = false;
    Object.values(schema).forEach(close);
  }
}

const problems = JSON.parse(process.argv[2]).map(({ schema, at, file, lines, closed }) => {
  const ajv = addFormats(new Ajv({ allErrors: true, strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true }));
  const known = JSON.parse(readFileSync(schema, 'utf8'));
  if (closed) close(known);
  const validate = ajv.compile(at ? { $ref: `#/$defs/${at}`, $defs: known.$defs } : known);
  const text = readFileSync(file, 'utf8');
  const documents = lines ? text.split('\n').filter(Boolean) : [text];
  const found = documents.flatMap((document, number) => validate(JSON.parse(document)) ? [] : validate.errors.map(error => `${number}${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`));
  return { documents: documents.length, problems: found.slice(0, 20) };
});
console.log(JSON.stringify(problems));
