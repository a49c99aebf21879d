// Charts of saved queries: a button below each draws it again, so that values can be pointed at. Nothing is loaded
// before it is pressed.
function offer(figure) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "Make interactive";
  button.addEventListener("click", async () => {
    button.disabled = true;
    const [{ draw }, response] = await Promise.all([
      import("./vega.js"),
      fetch(figure.dataset.spec, { headers: { Accept: "application/json" } }),
    ]);
    if (!response.ok) {
      button.textContent = "The chart could not be loaded";
      return;
    }
    const canvas = document.createElement("div");
    canvas.className = "interactive";
    figure.querySelector("svg").replaceWith(canvas);
    button.remove();
    await draw(canvas, await response.json());
  });
  figure.append(button);
}

for (const figure of document.querySelectorAll("figure[data-spec]")) offer(figure);
