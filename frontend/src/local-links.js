// The graph's IRIs have their pages on this very host, at the same paths below the root, and are
// shown by those.
function localise(link, base) {
  const iri = link.getAttribute("href");
  if (!iri?.startsWith(base)) return;
  const path = iri.slice(base.length);
  link.href = `/${path}`;
  link.title = iri;
  if (link.textContent === iri) link.textContent = path;
}

export function followLocally(element, base) {
  new MutationObserver(() => {
    for (const link of element.querySelectorAll("a.iri")) localise(link, base);
  }).observe(element, { childList: true, subtree: true });
}
