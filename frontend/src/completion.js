// Completion of prefixes, and of the classes and properties that the endpoint has data about, asked for once.
import { prefixedName } from "./prefixed-names.js";
import terms from "./terms.rq";

const ACCEPT = "application/sparql-results+json";

async function fetchTerms(endpoint) {
  const response = await fetch(`${endpoint}?${new URLSearchParams({ query: terms })}`, { headers: { Accept: ACCEPT } });
  const found = { class: [], property: [] };
  if (!response.ok) return found;
  for (const { kind, term } of (await response.json()).results.bindings) found[kind.value].push(term.value);
  return found;
}

// Prefixes that the query has not declared yet are written out by YASQE as soon as one is typed.
function expand(yasqe, token, prefixes) {
  const declared = { ...prefixes, ...yasqe.getPrefixesFromQuery() };
  const [, prefix] = token.string.match(/^([^<:]*):/) ?? [];
  token.tokenPrefix = prefix === undefined ? undefined : `${prefix}:`;
  token.tokenPrefixUri = declared[prefix];
  token.autocompletionString =
    token.tokenPrefixUri === undefined
      ? token.string.trim().replace(/^<|>$/g, "")
      : token.tokenPrefixUri + token.string.slice(prefix.length + 1);
  return token;
}

function written(iri, prefixes) {
  return prefixedName(iri, prefixes) ?? `<${iri}>`;
}

function matching(iris, typed, prefixes) {
  const sought = typed.toLowerCase();
  const found = iris.filter((iri) => iri.startsWith(typed) || written(iri, prefixes).toLowerCase().includes(sought));
  return found.sort((one, other) => Number(other.startsWith(typed)) - Number(one.startsWith(typed)));
}

export function registerCompleters(Yasqe, endpoint, prefixes) {
  let known;
  for (const kind of ["class", "property"]) {
    const own = Yasqe.Autocompleters[kind];
    Yasqe.registerAutocompleter({
      ...own,
      bulk: false,
      get: async (_, token) => {
        known ??= fetchTerms(endpoint);
        return matching((await known)[kind], token.autocompletionString, prefixes);
      },
      preProcessToken: (yasqe, token) => expand(yasqe, token, prefixes),
      postProcessSuggestion: (yasqe, _, iri) => written(iri, { ...prefixes, ...yasqe.getPrefixesFromQuery() }),
    });
  }
  Yasqe.registerAutocompleter({
    ...Yasqe.Autocompleters.prefixes,
    persistenceId: null,
    get: async () => Object.entries(prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`).sort(),
  });
}
