// IRIs by prefix, or undefined where none of the prefixes fits (SPARQL 1.1 Query Language, section 4.1.1). Only local
// names without characters that would have to be escaped are made.
const LOCAL_NAME = /^[\w-]*$/;

export function prefixedName(iri, prefixes) {
  const known = Object.entries(prefixes).filter(([, namespace]) => iri.startsWith(namespace));
  const [prefix, namespace] = known.sort((one, other) => other[1].length - one[1].length)[0] ?? [];
  if (namespace === undefined || !LOCAL_NAME.test(iri.slice(namespace.length))) return undefined;
  return `${prefix}:${iri.slice(namespace.length)}`;
}
