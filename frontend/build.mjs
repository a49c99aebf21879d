// Bundles src/ into the package's static files. Names carry a hash of their content, so browsers may keep them for
// good; manifest.json, written last, maps the names that templates use to those.
import { build } from "esbuild";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";

const FOLDER = "../src/medsynth_kg/endpoint/static/frontend";
const ENTRIES = ["src/sparql-editor.js", "src/interactive-figures.js"];

// The pages' content security policy forbids styles inside markup, which YASQE's hints at syntax errors have.
const withoutInlineStyles = {
  name: "without inline styles",
  setup({ onLoad }) {
    onLoad({ filter: /yasgui\.esm\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll("<strong style='text-decoration:underline'>", "<strong>"),
    }));
  },
};

async function bundle() {
  const { metafile } = await build({
    entryPoints: ENTRIES,
    outdir: FOLDER,
    bundle: true,
    minify: true,
    format: "esm",
    splitting: true,
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    loader: { ".rq": "text" },
    plugins: [withoutInlineStyles],
    metafile: true,
    logLevel: "warning",
  });
  const names = {};
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (!ENTRIES.includes(output.entryPoint)) continue;
    const name = basename(output.entryPoint, ".js");
    names[`${name}.js`] = basename(path);
    if (output.cssBundle) names[`${name}.css`] = basename(output.cssBundle);
  }
  return names;
}

// The licences of all packages that the bundles are made from, as those ask for.
function licences() {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
  const shipped = Object.keys(packages).filter((path) => path && !packages[path].dev && existsSync(path));
  return shipped.sort().map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(`${path}/package.json`, "utf8"));
    const file = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(`${path}/${file}`, "utf8").trim() : `Licence: ${license}`;
    return `${name} ${version}\n\n${text}\n`;
  });
}

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const names = await bundle();
writeFileSync(`${FOLDER}/LICENSES.txt`, licences().join(`\n${"-".repeat(80)}\n\n`));
writeFileSync(`${FOLDER}/manifest.json.new`, `${JSON.stringify(names, null, 1)}\n`);
renameSync(`${FOLDER}/manifest.json.new`, `${FOLDER}/manifest.json`);
