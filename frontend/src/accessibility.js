// Names and states that YASGUI's own markup lacks.
export function labelEditor(yasqe) {
  yasqe.getInputField().setAttribute("aria-label", "SPARQL query");
}

export function labelResults(yasr) {
  yasr.rootEl.querySelector(".tableSizer")?.setAttribute("aria-label", "Page size");
  const { resultsEl } = yasr;
  resultsEl.tabIndex = 0;
  resultsEl.setAttribute("role", "region");
  resultsEl.setAttribute("aria-label", "Result");
  for (const button of yasr.rootEl.querySelectorAll(".yasr_btnGroup .yasr_btn")) {
    button.setAttribute("aria-disabled", String(button.classList.contains("disabled")));
    button.setAttribute("aria-pressed", String(button.classList.contains("selected")));
  }
}
