// The page /sparql: YASGUI in place of the plain form, which stays as it is where this script doesn't run.
import Yasgui from "@zazuko/yasgui";
import "@zazuko/yasgui/build/yasgui.min.css";
import "./sparql-editor.css";
import "./vega.css";
import { labelEditor, labelResults } from "./accessibility.js";
import { ChartPlugin } from "./chart-plugin.js";
import { registerCompleters } from "./completion.js";
import { showDownloads } from "./downloads.js";
import { parametersOf, readAddress } from "./parameters.js";
import { GraphPlugin } from "./graph-plugin.js";
import { followLocally } from "./local-links.js";
import { clearMark, markProblem, problemRenderer } from "./problems.js";

const ADDRESS_LENGTH = 8000; // what browsers and proxies carry without complaint
const RESULT_SETTINGS = { selectedPlugin: "table", pluginsConfig: { table: { compact: true } } };

function readSettings() {
  const settings = JSON.parse(document.getElementById("editor-settings").textContent);
  return { ...settings, endpoint: new URL(settings.address, location.href).href };
}

function shareableAddress(tab, address) {
  return new URL(`${address}?${new URLSearchParams(parametersOf(tab))}`, location.href).href;
}

function configure({ endpoint, address, prefixes, start }) {
  registerCompleters(Yasgui.Yasqe, endpoint, prefixes);
  Yasgui.Yasr.registerPlugin("chart", ChartPlugin);
  Yasgui.Yasr.registerPlugin("graph", GraphPlugin);
  Yasgui.Yasr.defaults.errorRenderers = [problemRenderer];
  Yasgui.Yasr.defaults.pluginOrder = ["table", "chart", "graph", "response"];
  Yasgui.Tab.prototype.getShareableLink = function () {
    return shareableAddress(this, address);
  };
  return {
    persistenceId: `medsynth-kg ${address}`,
    autofocus: false,
    populateFromUrl: false,
    autoAddOnInit: false,
    copyEndpointOnNewTab: false,
    requestConfig: { endpoint, method: "POST", acceptHeaderGraph: "text/turtle" },
    // The editor is as high as its text, so that there is one scroll bar; without two keys of its own, Tab leaves it.
    yasqe: {
      value: start,
      editorHeight: "auto",
      viewportMargin: Infinity,
      resizeable: false,
      extraKeys: { Tab: false, "Shift-Tab": false },
    },
    // A stored answer would outlive its release.
    yasr: { prefixes, maxPersistentResponseSize: 0 },
  };
}

function addTab(yasgui, query, name, args = []) {
  return yasgui.addTab(true, {
    requestConfig: { args },
    ...(name && { name: yasgui.createTabName(name) }),
    ...(query && { yasqe: { value: query } }),
    yasr: { settings: RESULT_SETTINGS },
  });
}

// Runs a query in the tab that holds it already, or in a new one.
function runQuery(yasgui, query, name, args = []) {
  const wanted = JSON.stringify([query, args]);
  const held = Object.values(yasgui._tabs).find((tab) => {
    const { yasqe, requestConfig } = tab.getPersistedJson();
    return JSON.stringify([yasqe.value, requestConfig.args ?? []]) === wanted;
  });
  if (held) yasgui.selectTabId(held.getId());
  const tab = held ?? addTab(yasgui, query, name, args);
  tab.query().catch(() => {}); // YASGUI shows why
}

function offerSavedQueries(yasgui, savedQueries) {
  const chooser = document.getElementById("saved-query");
  for (const { slug, title } of savedQueries) chooser.add(new Option(title, slug));
  document.getElementById("open-saved-query").addEventListener("click", () => {
    const { text, title } = savedQueries.find(({ slug }) => slug === chooser.value);
    runQuery(yasgui, text, title);
  });
  document.getElementById("new-tab").addEventListener("click", () => {
    addTab(yasgui).getYasqe().focus();
  });
}

function attend(tab, { address, formats, base }) {
  const [yasqe, yasr] = [tab.getYasqe(), tab.getYasr()];
  labelEditor(yasqe);
  followLocally(yasr.resultsEl, base);
  yasqe.on("queryBefore", () => clearMark(yasqe));
  yasqe.on("query", () => {
    const shareable = shareableAddress(tab, address);
    history.replaceState(null, "", shareable.length < ADDRESS_LENGTH ? shareable : address);
  });
  yasr.on("drawn", () => {
    queueMicrotask(() => labelResults(yasr)); // once YASR has marked the views that can show this answer
    markProblem(yasqe, yasr.results);
    showDownloads(tab, address, formats);
  });
}

// Tabs are drawn when they are first shown.
function attendAll(yasgui, settings) {
  const attended = new WeakSet();
  const look = () => {
    for (const tab of Object.values(yasgui._tabs)) {
      if (attended.has(tab) || !tab.getYasr()) continue;
      attended.add(tab);
      attend(tab, settings);
    }
  };
  const show = Yasgui.Tab.prototype.show;
  Yasgui.Tab.prototype.show = function (...rest) {
    show.apply(this, rest);
    look();
  };
  look();
}

function start() {
  const settings = readSettings();
  document.getElementById("rich-editor").hidden = false;
  const yasgui = new Yasgui(document.getElementById("yasgui"), configure(settings));
  attendAll(yasgui, settings);
  offerSavedQueries(yasgui, settings.savedQueries);
  const { query, args } = readAddress();
  if (query !== null) runQuery(yasgui, query, undefined, args);
  else if (!yasgui.getTab()) addTab(yasgui);
  document.getElementById("plain-editor").remove();
}

start();
