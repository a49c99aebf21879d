// Asks an endpoint through two client libraries, and prints as JSON how much each of them was told.
// Arguments: the folder that has node_modules, the endpoint's address, the IRI of a class to count.
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, endpoint, counted] = process.argv.slice(2);
const load = createRequire(join(folder, "package.json"));
const { QueryEngine } = load("@comunica/query-sparql");
const { SparqlEndpointFetcher } = load("fetch-sparql-endpoint");

const pattern = `{ ?member a <${counted}> }`;
const select = `SELECT ?member ${pattern}`;
const count = `SELECT (COUNT(?member) AS ?total) ${pattern}`;
const ask = `ASK ${pattern}`;
const construct = `CONSTRUCT ${pattern} WHERE ${pattern}`;

async function size(stream) {
  let total = 0;
  for await (const _ of stream) total += 1;
  return total;
}

async function fails(question) {
  try {
    await question();
  } catch {
    return true;
  }
  return false;
}

async function fetched(method) {
  const fetcher = new SparqlEndpointFetcher({ method });
  return {
    select: await size(await fetcher.fetchBindings(endpoint, select)),
    ask: await fetcher.fetchAsk(endpoint, ask),
    construct: await size(await fetcher.fetchTriples(endpoint, construct)),
    failsOnMalformedQuery: await fails(() => fetcher.fetchBindings(endpoint, "SELECT {")),
  };
}

async function queried(source) {
  const engine = new QueryEngine();
  const context = { sources: [source] };
  const [totals] = await (await engine.queryBindings(count, context)).toArray();
  return {
    select: await size(await engine.queryBindings(select, context)),
    count: Number(totals.get("total").value),
    ask: await engine.queryBoolean(ask, context),
    construct: await size(await engine.queryQuads(construct, context)),
  };
}

console.log(JSON.stringify({
  "fetch-sparql-endpoint by GET": await fetched("GET"),
  "fetch-sparql-endpoint by POST": await fetched("POST"),
  "Comunica told that it is an endpoint": await queried({ type: "sparql", value: endpoint }),
  "Comunica by the service description": await queried(endpoint),
}));
