// What the drawn views of results share.
const SVG = "http://www.w3.org/2000/svg";
let choices = 0;

export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  shape.setAttribute("fill", "currentColor");
  svg.append(shape);
  const holder = document.createElement("div");
  holder.className = "svgImg";
  holder.append(svg);
  return holder;
}

export function figure(description) {
  const element = document.createElement("figure");
  element.className = "drawing scroll";
  element.tabIndex = 0;
  element.setAttribute("aria-label", description);
  const canvas = document.createElement("div");
  element.append(canvas);
  return { element, canvas };
}

export function choice(words, options, chosen, onChange) {
  const label = document.createElement("label");
  const select = document.createElement("select");
  select.id = `chart-choice-${(choices += 1)}`;
  label.htmlFor = select.id;
  label.append(words, " ", select);
  for (const [value, name] of options) select.add(new Option(name, value, false, value === chosen));
  select.addEventListener("change", () => onChange(select.value));
  return label;
}

export function svgDownload(element, filename) {
  return {
    title: "Download as SVG",
    contentType: "image/svg+xml",
    filename,
    getData: () => {
      const svg = element.querySelector("figure.drawing svg")?.cloneNode(true);
      if (!svg) return "";
      svg.setAttribute("xmlns", SVG);
      return new XMLSerializer().serializeToString(svg);
    },
  };
}
