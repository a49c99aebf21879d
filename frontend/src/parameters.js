// A query and what else decides its answer, such as the graphs that it is asked of (SPARQL 1.1 Protocol, section 2.1.4).
const OTHERS = ["default-graph-uri", "named-graph-uri", "timeout"];

export function readAddress() {
  const parameters = new URLSearchParams(location.search);
  const args = [...parameters].filter(([name]) => OTHERS.includes(name)).map(([name, value]) => ({ name, value }));
  return { query: parameters.get("query"), args };
}

export function parametersOf(tab) {
  const { args = [] } = tab.getRequestConfig();
  return [["query", tab.getYasqe().getValue()], ...args.map(({ name, value }) => [name, value])];
}
