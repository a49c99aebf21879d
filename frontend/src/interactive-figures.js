// Charts of saved queries: a button below each draws it again, so that values can be pointed at. Nothing is loaded
// before it is pressed.
import "./vega.css";

const NARROW = 600;
const HEIGHT = 300;
const STEP = 22;

async function load(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response.json();
}

function height({ encoding: { y }, data: { values } }) {
  return y.type === "quantitative" ? HEIGHT : STEP * new Set(values.map((row) => row[y.field])).size;
}

// The page has the title already; the picture is as wide as the one that it replaces.
function fit({ title, ...specification }, width) {
  return {
    ...specification,
    width,
    height: height(specification),
    autosize: { type: "fit-x", contains: "padding" },
    config: { axis: { titleLimit: width / 2 }, legend: width < NARROW ? { orient: "bottom", columns: 2 } : { orient: "right" } },
  };
}

async function replace(figure, button) {
  button.disabled = true;
  const [{ draw }, specification] = await Promise.all([import("./vega.js"), load(figure.dataset.spec)]);
  const canvas = document.createElement("div");
  const picture = figure.querySelector("svg");
  const width = picture.getBoundingClientRect().width;
  picture.replaceWith(canvas);
  await draw(canvas, fit(specification, width));
  button.remove();
}

for (const figure of document.querySelectorAll("figure[data-spec]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "Make interactive";
  button.addEventListener("click", () => {
    replace(figure, button).catch((error) => {
      button.textContent = "The interactive chart could not be loaded";
      console.error(error);
    });
  });
  figure.append(button);
}
