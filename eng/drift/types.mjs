import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = dirname(fileURLToPath(import.meta.url));
const file = join(here, 'roots.virtual.ts');

// Asks the compiler for the names that each root stands for: [{ root, names }], or { root, error } where the package has no such type any more.
export function readNames(roots) {
  const text = roots.map((root, i) => `export type T${i} = ${root.type};`).join('\n');
  const options = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, strict: true, skipLibCheck: true, noEmit: true, types: [] };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = name => name === file || fileExists(name);
  host.readFile = name => (name === file ? text : readFile(name));
  host.getSourceFile = (name, version) => (name === file ? ts.createSourceFile(name, text, version) : getSourceFile.call(host, name, version));
  const program = ts.createProgram([file], options, host);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const failures = new Map(program.getSemanticDiagnostics(source).map(fault => [
    source.getLineAndCharacterOfPosition(fault.start).line, ts.flattenDiagnosticMessageText(fault.messageText, ' ')]));
  return source.statements.map((statement, i) => failures.has(i)
    ? { root: roots[i], error: failures.get(i) }
    : { root: roots[i], names: [...new Set(namesOf(checker, checker.getTypeFromTypeNode(statement.type), roots[i]))] });
}

function namesOf(checker, type, root) {
  if (root.values) {
    return literals(type);
  }

  if (root.members) {
    return members(checker, type, root.nested);
  }

  return parts(type).flatMap(part => {
    const property = part.getProperty(root.names);
    return property ? literals(checker.getTypeOfSymbol(property)) : [];
  });
}

function members(checker, type, nested) {
  return parts(type).flatMap(part => part.getProperties().flatMap(property => {
    const inner = nested ? parts(checker.getNonNullableType(checker.getTypeOfSymbol(property))).filter(isOwnObject) : [];
    return [property.name, ...inner.flatMap(type => members(checker, type, false))];
  }));
}

const isOwnObject = type => (type.flags & ts.TypeFlags.Object) !== 0 && !type.symbol?.declarations?.some(d => d.getSourceFile().hasNoDefaultLib || /\/typescript\/lib\//.test(d.getSourceFile().fileName));
const parts = type => (type.isUnion() ? type.types.flatMap(parts) : [type]);
const literals = type => parts(type).filter(part => part.isStringLiteral()).map(part => part.value);
