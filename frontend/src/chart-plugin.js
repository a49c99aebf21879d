// A chart of a table of results, drawn by Vega-Lite: its kind and its axes can be chosen.
import { choice, figure, icon, svgDownload } from "./plugin-parts.js";
import { prefixedName } from "./prefixed-names.js";

const NUMBERS = /#(integer|decimal|double|float|int|long|short|nonNegativeInteger|positiveInteger)$/;
const TIMES = /#(date|dateTime|gYear|gYearMonth)$/;
const KINDS = { bar: "bars", line: "lines", point: "points", rect: "heat map" };
const ROWS = 5000;
const NONE = "";
const YEAR = /^(19|20)\d\d(-\d\d){0,2}$/;
const PALETTE = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999999", "#f0e442"]; // Okabe and Ito
const NARROW = 500;
const HEIGHT = 320;
const STEP = 22;

function shownValue(term, prefixes) {
  if (term === undefined) return null;
  if (NUMBERS.test(term.datatype ?? "")) return Number(term.value);
  if (term.type !== "uri") return term.value;
  return prefixedName(term.value, prefixes) ?? term.value;
}

function typeOf(bindings, variable) {
  const terms = bindings.map((binding) => binding[variable]).filter(Boolean);
  if (!terms.length) return "nominal";
  if (terms.every((term) => NUMBERS.test(term.datatype ?? ""))) return "quantitative";
  return terms.every((term) => TIMES.test(term.datatype ?? "") || YEAR.test(term.value)) ? "ordinal" : "nominal";
}

// Something to start from: the first measure along one axis, the first other column along the other.
function suggest(variables, types) {
  const measures = variables.filter((name) => types[name] === "quantitative");
  const others = variables.filter((name) => types[name] !== "quantitative");
  const [along, split] = others;
  const measure = measures[0] ?? variables[1] ?? variables[0];
  if (types[along] === "ordinal") return { kind: "line", x: along, y: measure, colour: split ?? NONE };
  return { kind: "bar", x: measure, y: along ?? variables[0], colour: split ?? NONE };
}

function specify(bindings, chosen, types, prefixes, width) {
  const shown = [chosen.x, chosen.y, chosen.colour].filter(Boolean);
  const values = bindings
    .slice(0, ROWS)
    .map((binding) => Object.fromEntries(shown.map((name) => [name, shownValue(binding[name], prefixes)])));
  const channel = (name) => ({
    field: name,
    type: types[name],
    title: name,
    ...(types[name] === "nominal" && { sort: null }),
    ...(types[name] === "ordinal" && { axis: { labelAngle: 0, labelOverlap: true } }),
  });
  const colour = chosen.colour && {
    color: {
      field: chosen.colour,
      type: types[chosen.colour],
      title: chosen.colour,
      scale: types[chosen.colour] === "quantitative" ? { scheme: "viridis" } : { range: PALETTE },
      legend: { orient: width < NARROW ? "bottom" : "right", columns: 1, labelLimit: 280 },
    },
  };
  return {
    width: "container",
    autosize: { type: "fit-x", contains: "padding" },
    height: types[chosen.y] === "quantitative" ? HEIGHT : STEP * new Set(values.map((row) => row[chosen.y])).size,
    data: { values },
    mark: { type: chosen.kind, tooltip: true, ...(chosen.kind === "line" && { point: true }) },
    encoding: { x: channel(chosen.x), y: channel(chosen.y), ...colour },
  };
}

export class ChartPlugin {
  label = "Chart";
  priority = 5;

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    const { results } = this.yasr;
    return Boolean(results?.getBindings()?.length && results.getVariables().length > 1 && results.getType() !== "ttl");
  }

  async draw() {
    const variables = this.yasr.results.getVariables();
    const bindings = this.yasr.results.getBindings();
    const types = Object.fromEntries(variables.map((name) => [name, typeOf(bindings, name)]));
    const chosen = suggest(variables, types);
    const { draw } = await import("./vega.js");
    const { element, canvas } = figure("A chart of the result");
    const redraw = async () => {
      this.view?.finalize();
      this.view = await draw(canvas, specify(bindings, chosen, types, this.yasr.getPrefixes(), canvas.clientWidth));
    };
    const pick = (name, words, options) =>
      choice(words, options, chosen[name], (picked) => {
        chosen[name] = picked;
        redraw();
      });
    const columns = variables.map((name) => [name, name]);
    const controls = document.createElement("div");
    controls.className = "chart-controls";
    controls.append(
      pick("kind", "Kind", Object.entries(KINDS)),
      pick("x", "Across", columns),
      pick("y", "Up", columns),
      pick("colour", "Colour", [[NONE, "none"], ...columns]),
    );
    this.yasr.resultsEl.append(controls, element);
    await redraw();
  }

  download(name) {
    return svgDownload(this.yasr.resultsEl, `${name || "chart"}.svg`);
  }

  destroy() {
    this.view?.finalize();
    this.view = undefined;
  }

  getIcon() {
    return icon("M3 3v18h18v-2H5V3zm4 8h3v6H7zm5-5h3v11h-3zm5 3h3v8h-3z");
  }
}
