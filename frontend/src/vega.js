// Vega without `eval`, which the pages' content security policy forbids: expressions are interpreted from their syntax
// trees. Loaded only once a chart is asked for.
import { mergeConfig } from "vega";
import embed from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";

const STYLES = { axis: "--soft", grid: "--line", text: "--ink" };

function theme(element) {
  const style = getComputedStyle(element);
  const [axis, grid, text] = Object.values(STYLES).map((name) => style.getPropertyValue(name).trim());
  const words = { labelColor: text, titleColor: text, labelLimit: 280, labelFont: style.fontFamily, titleFont: style.fontFamily };
  return {
    background: "transparent",
    font: style.fontFamily,
    axis: { ...words, domainColor: axis, tickColor: axis, gridColor: grid },
    legend: words,
    title: { color: text },
    view: { stroke: "transparent" },
    style: { "group-title": { fill: text } },
  };
}

// Draws a specification of Vega-Lite, or of Vega; its own config goes over the page's colours. Which version of the
// schema it was written for does not matter here, and a difference would only raise a warning.
export async function draw(element, { $schema, config, ...specification }, mode = "vega-lite") {
  const { view } = await embed(
    element,
    { ...specification, config: mergeConfig(theme(element), config ?? {}) },
    {
      mode,
      renderer: "svg",
      ast: true,
      expr: expressionInterpreter,
      actions: false,
      defaultStyle: false,
      tooltip: { disableDefaultStyle: true },
    },
  );
  return view;
}
