// audit.mjs ADDRESS [FOLDER]: every page of a running site through axe, wide, on a
// telephone, dark and without a script; what it weighs and whether it asks
// anything of other sites; Lighthouse on an answer's page. A folder gets pictures.
// It ends with 1 where something is wrong. CHROME names the browser.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [site, folder] = process.argv.slice(2);
const most = 150_000; // bytes of a page with all that it loads
const modes = {
  wide: { viewport: { width: 1100, height: 900 } },
  phone: { viewport: { width: 375, height: 800, isMobile: true, hasTouch: true } },
  dark: { viewport: { width: 1100, height: 900 }, dark: true },
  bare: { viewport: { width: 1100, height: 900 }, bare: true },
};

// answered asks a question as a form does and returns the paths of what came.
async function answered(question) {
  const res = await fetch(site + "/?lang=fr", { method: "POST", body: new URLSearchParams({ question }), redirect: "manual" });
  const [path, id] = res.headers.get("location").split("#");
  return { conversation: path, answer: `/a/${id}?lang=fr`, embed: `/embed/${id}` };
}

const questions = ["Combien d'habitants à Metz ?", "Population par département", "Évolution des dépenses de la Région de 2016 à 2020", "Quelles communes ont perdu le plus d'habitants depuis 2021 ?", "Combien d'habitants à Lyon ?", "Évolution de la population de Metz et Nancy", "Wie groß ist Colmar?"];
const pages = ["/?lang=fr", "/?lang=en", "/search?lang=fr", "/search?lang=fr&theme=Population&askable=yes", "/themes?lang=fr", "/themes/population?lang=fr", "/themes/budget?lang=en", "/themes/mobilite/brief?lang=fr", "/embed/theme/budget", "/decouvrir?lang=fr", "/decouvrir?lang=fr&commune=Bitche", "/decouvrir?lang=fr&commune=Saint-Louis", "/decouvrir?lang=fr&decider=1", "/about?lang=fr", "/about?lang=de", "/glossary?lang=fr", "/glossary?lang=de", "/legal?lang=fr", "/privacy?lang=fr", "/privacy?lang=de", "/accessibility?lang=fr", "/wanted?lang=fr", `/publisher/${encodeURIComponent("Région Grand Est")}?lang=fr`, "/publisher/Insee?lang=de", "/themes/population/brief?lang=fr", "/dataset/embedded-communes?lang=fr", "/nowhere?lang=fr"];
let chart = "";
for (const q of questions) {
  const a = await answered(q);
  pages.push(a.conversation, a.answer, a.embed);
  if (q === questions[2]) chart = a.answer;
}

const browser = await puppeteer.launch({ executablePath: process.env.CHROME || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
let wrong = 0;
const fault = (text) => { wrong++; console.log("WRONG " + text); };

// tab is a page of its own for a way of looking, kept for all addresses: what is
// asked of other sites and what errs is told of the address that it shows.
async function tab(name, mode) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const shown = { page, name, path: "", bytes: 0 };
  await page.setCacheEnabled(false); // every page weighs all that it loads
  await page.setViewport(mode.viewport);
  if (mode.bare) { // axe is a script itself: ours alone is kept away
    await page.setRequestInterception(true);
    page.on("request", (r) => (r.resourceType() === "script" ? r.abort() : r.continue()));
  }
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: mode.dark ? "dark" : "light" }]);
  page.on("request", (r) => { if (!r.url().startsWith(site) && !r.url().startsWith("data:")) fault(`${shown.path} asks ${r.url()}`); });
  page.on("response", async (r) => { shown.bytes += (await r.buffer().catch(() => "")).length; });
  page.on("console", (m) => { if (m.type() === "error" && !/404|ERR_FAILED/.test(m.text())) fault(`${shown.path} ${name}: ${m.text()}`); });
  return shown;
}

async function look(shown, path) {
  const { page, name } = shown;
  shown.path = path;
  shown.bytes = 0;
  await page.goto(site + path, { waitUntil: "load", timeout: 60_000 });
  await page.waitForNetworkIdle({ idleTime: 100, timeout: 60_000 });
  const bytes = shown.bytes;
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const v of found.violations) fault(`${path} ${name}: ${v.id}, ${v.nodes.length}: ${v.nodes[0].html.slice(0, 140)} ${v.nodes[0].failureSummary.replaceAll("\n", " ").slice(0, 200)}`);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over > 0) fault(`${path} ${name}: ${over} pixels wider than its window`);
  if (bytes > most) fault(`${path} ${name}: ${bytes} bytes`);
  if (folder) await page.screenshot({ path: `${folder}/${path.replace(/[^a-z0-9]+/gi, "-").slice(0, 60)}-${name}.png`, fullPage: true });
  return bytes;
}

let heaviest = 0;
const began = Date.now();
await Promise.all(Object.entries(modes).map(async ([name, mode]) => { // side by side: each way in a tab of its own
  const shown = await tab(name, mode);
  for (const path of pages) heaviest = Math.max(heaviest, await look(shown, path));
}));
await browser.close();
console.log(`${pages.length} pages, ${Object.keys(modes).length} ways each; the heaviest weighs ${heaviest} bytes; wrong: ${wrong}; ${Math.round((Date.now() - began) / 1000)} s`);

const { default: lighthouse } = await import("lighthouse");
const again = await puppeteer.launch({ executablePath: process.env.CHROME || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const result = await lighthouse(site + chart, { port: new URL(again.wsEndpoint()).port, output: "json", logLevel: "error", onlyCategories: ["performance", "accessibility", "best-practices"] });
for (const c of Object.values(result.lhr.categories)) console.log(`lighthouse ${c.id}: ${Math.round(100 * c.score)}`);
for (const a of Object.values(result.lhr.audits)) if (a.score !== null && a.score < 0.9 && a.scoreDisplayMode !== "informative") console.log(`  ${a.id}: ${a.displayValue || ""} ${a.title}`);
await again.close();
process.exit(wrong > 0 ? 1 : 0);
