// Links to the complete answer in every format that the endpoint writes.
import { parametersOf } from "./parameters.js";

export function showDownloads(tab, address, formats) {
  const yasr = tab.getYasr();
  yasr.rootEl.querySelector(".downloads")?.remove();
  if (!yasr.results || yasr.results.hasError()) return;
  const isGraph = ["CONSTRUCT", "DESCRIBE"].includes(tab.getYasqe().getQueryType());
  const list = document.createElement("p");
  list.className = "actions downloads";
  const words = document.createElement("span");
  words.className = "soft";
  words.textContent = "The complete answer as";
  list.append(words);
  for (const [format, name] of formats[isGraph ? "graph" : "solutions"]) {
    const link = document.createElement("a");
    link.href = `${address}?${new URLSearchParams([...parametersOf(tab), ["format", format]])}`;
    link.textContent = name;
    list.append(link);
  }
  yasr.rootEl.append(list);
}
