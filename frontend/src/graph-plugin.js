// A picture of a graph that a query constructs or describes, laid out by Vega's force simulation.
import { figure, icon, svgDownload } from "./plugin-parts.js";
import { prefixedName } from "./prefixed-names.js";

const KINDS = ["NamedNode", "Literal", "BlankNode"];
const NODES = 150;
const HEIGHT = 640;
const LENGTH = 40;
const LABELLED = 16; // more lines than this say what they are when they are pointed at

function caption(term, prefixes) {
  const { value } = term;
  if (term.termType === "Literal") return value.length > LENGTH ? `${value.slice(0, LENGTH - 1)}…` : value;
  return prefixedName(value, prefixes) ?? value.split(/[/#]/).filter(Boolean).slice(-2).join("/");
}

// Nodes and lines of the first statements, as many as stay readable; a literal is a node of its statement alone.
function network(statements, prefixes) {
  const nodes = new Map();
  const node = (key, term) => {
    if (!nodes.has(key)) nodes.set(key, { name: caption(term, prefixes), full: term.value, kind: term.termType });
    return [...nodes.keys()].indexOf(key);
  };
  const links = [];
  for (const [index, { subject, predicate, object }] of statements.entries()) {
    if (nodes.size >= NODES) break;
    const source = node(subject.value, subject);
    const target = node(object.termType === "Literal" ? `literal ${index}` : object.value, object);
    links.push({ source, target, name: caption(predicate, prefixes) });
  }
  return { nodes: [...nodes.values()], links };
}

function specify({ nodes, links }, width, ink) {
  return {
    width,
    height: HEIGHT,
    padding: 0,
    signals: [
      { name: "cx", update: "width / 2" },
      { name: "cy", update: "height / 2" },
    ],
    data: [
      { name: "nodes", values: nodes.map((node) => ({ ...node, middle: width / 2, centre: HEIGHT / 2 })) },
      { name: "links", values: links },
    ],
    scales: [
      { name: "colour", type: "ordinal", domain: KINDS, range: ["#1f77b4", "#b8860b", "#777777"] },
      { name: "shape", type: "ordinal", domain: KINDS, range: ["circle", "square", "triangle-up"] },
    ],
    marks: [
      {
        name: "points",
        type: "symbol",
        zindex: 1,
        aria: false,
        from: { data: "nodes" },
        encode: {
          enter: {
            fill: { scale: "colour", field: "kind" },
            shape: { scale: "shape", field: "kind" },
            size: { value: 90 },
            tooltip: { field: "full" },
          },
        },
        transform: [
          {
            type: "force",
            iterations: 300,
            static: true,
            signal: "force",
            forces: [
              { force: "center", x: { signal: "cx" }, y: { signal: "cy" } },
              { force: "x", x: "datum.middle", strength: 0.03 },
              { force: "y", y: "datum.centre", strength: 0.09 },
              { force: "collide", radius: 34 },
              { force: "nbody", strength: -700 },
              { force: "link", links: "links", distance: 190 },
            ],
          },
        ],
      },
      {
        type: "path",
        aria: false,
        from: { data: "links" },
        encode: {
          enter: { stroke: { value: ink }, strokeOpacity: { value: 0.35 }, tooltip: { field: "name" } },
        },
        transform: [
          {
            type: "linkpath",
            require: { signal: "force" },
            shape: "line",
            sourceX: "datum.source.x",
            sourceY: "datum.source.y",
            targetX: "datum.target.x",
            targetY: "datum.target.y",
          },
        ],
      },
      {
        type: "text",
        aria: false,
        from: { data: "links" },
        encode: {
          enter: {
            text: { field: "name" },
            fill: { value: ink },
            fillOpacity: { value: 0.75 },
            fontSize: { value: 9 },
            align: { value: "center" },
          },
          update: {
            x: { signal: "(datum.source.x + datum.target.x) / 2" },
            y: { signal: "(datum.source.y + datum.target.y) / 2" },
            opacity: { value: links.length > LABELLED ? 0 : 1 },
          },
        },
      },
      {
        type: "text",
        aria: false,
        from: { data: "points" },
        encode: {
          enter: {
            text: { field: "datum.name" },
            fill: { value: ink },
            fontSize: { value: 11 },
            align: { value: "center" },
            dy: { value: -9 },
          },
          update: { x: { field: "x" }, y: { field: "y" } },
        },
      },
    ],
  };
}

export class GraphPlugin {
  label = "Graph";
  priority = 8;

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    return this.yasr.results?.getType() === "ttl" && Boolean(this.yasr.results.getStatements()?.length);
  }

  async draw() {
    const { draw } = await import("./vega.js");
    const { element, canvas } = figure("The result as a network");
    this.yasr.resultsEl.append(element);
    const statements = this.yasr.results.getStatements();
    const found = network(statements, this.yasr.getPrefixes());
    const legend = document.createElement("figcaption");
    legend.className = "soft";
    legend.textContent =
      (found.links.length < statements.length
        ? `The first ${found.links.length} of ${statements.length} statements; the table and the downloads have all. `
        : "") + "Blue circles are things, ochre squares are values; point at one, or at a line, to read it whole.";
    element.append(legend);
    const ink = getComputedStyle(element).getPropertyValue("--ink").trim();
    this.view = await draw(canvas, specify(found, Math.max(element.clientWidth - 2, 600), ink), "vega");
  }

  download(name) {
    return svgDownload(this.yasr.resultsEl, `${name || "graph"}.svg`);
  }

  destroy() {
    this.view?.finalize();
    this.view = undefined;
  }

  getIcon() {
    return icon("M6 3a3 3 0 1 1-1 5.8v6.4A3 3 0 1 1 3 15V9a3 3 0 0 1 3-6zm12 5a3 3 0 1 1-2.9 3.8L8.6 8.9l.7-1.9 6.5 3A3 3 0 0 1 18 8z");
  }
}
