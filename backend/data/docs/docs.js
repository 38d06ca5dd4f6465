// The reference page: reads the API's OpenAPI document, lists its operations and shows the one that the address names.
import { accountBar, resetView, signInDialog, signUpView, verifyView } from "./account.js";
import { action, el, notice, replace } from "./dom.js";
import { firstStepsView } from "./first_steps.js";
import { operationView } from "./operation.js";
import { learn } from "./schema.js";
import * as session from "./session.js";

const main = document.getElementById("main");
const groups = document.getElementById("groups");
const search = document.getElementById("search");
const menu = document.getElementById("menu");

// The order in which a newcomer meets them; what is not here follows by name, the machinery last.
const order = ["auth", "worklogs", "skills", "reports", "resume", "themes", "profile", "jobs", "invitations"];
const machinery = new Set(["docs", "openapi.json", "healthz", "readyz"]);
const methods = ["get", "post", "put", "patch", "delete"];

let operations = [];
const invitation = () => linked("invitation");
const linked = (name) => new URLSearchParams(location.search).get(name);

function operationsOf(api) {
  const all = [];
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of methods.filter((one) => item[one])) {
      const operation = item[method];
      const tag = operation.tags?.[0] ?? "other";
      all.push({ method, path, operation, id: operation.operationId, tag: machinery.has(tag) ? "system" : tag });
    }
  }
  const place = (tag) => (tag === "system" ? 99 : order.includes(tag) ? order.indexOf(tag) : 50);
  return all.sort((a, b) => place(a.tag) - place(b.tag) || a.tag.localeCompare(b.tag));
}

function matches(one, words) {
  const text = `${one.method} ${one.path} ${one.operation.summary} ${one.tag}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function listOperations() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = grouped(operations.filter((one) => matches(one, words)));
  const current = location.hash.slice(1);
  const item = (one) => el("li", {}, el("a", { href: `#${one.id}`, title: one.path, "aria-current": one.id === current ? "page" : null },
    el(`span.method.${one.method}`, {}, one.method === "delete" ? "DEL" : one.method.toUpperCase()), el("span", {}, one.operation.summary)));
  const group = ([tag, some]) => el("details", { open: words.length > 0 || some.some((one) => one.id === current) },
    el("summary", {}, tag, " ", el("span.hint", {}, String(some.length))), el("ul", {}, ...some.map(item)));
  replace(groups, shown.size > 0 ? [...shown].map(group) : el("p.hint", {}, "Nothing is called that."));
}

function grouped(some) {
  const out = new Map();
  for (const one of some) out.set(one.tag, [...(out.get(one.tag) ?? []), one]);
  return out;
}

function markCurrent() {
  const current = `#${location.hash.slice(1)}`;
  for (const link of groups.querySelectorAll("a")) {
    const here = link.getAttribute("href") === current;
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    if (here) link.closest("details").open = true;
  }
}

function overviewView() {
  const fact = (title, ...text) => [el("dt", {}, title), el("dd", {}, ...text)];
  const code = (text) => el("code", {}, text);
  return [
    el("header.head", {}, el("h1", {}, "The AfterResume API"),
      el("p.lead", {}, "Write down what you did; get skills with evidence, reports and a résumé in which every line names its proof.")),
    el("div.row", {},
      session.user() ? el("a.button.primary", { href: "#first-steps" }, "First steps") : action(".primary", "Sign in", signInDialog),
      el("a.button", { href: "/api/openapi.json" }, "OpenAPI document")),
    el("section.card", {}, el("h2", {}, "How it works everywhere"), el("dl.facts", {},
      ...fact("Signing in", code("POST /api/auth/login/"), " answers an access token for ", code("Authorization: Bearer"), " and sets a refresh cookie. This page keeps the token in memory and renews it by itself."),
      ...fact("Lists", code("?page_size="), " up to 100, and ", code("?cursor="), " with the ", code("next_cursor"), " of the page before."),
      ...fact("Changes", "Reads carry an ", code("ETag"), "; changing or deleting names it in ", code("If-Match"), ", so that nobody's change is lost unseen."),
      ...fact("Slow work", "becomes a job: 202 with a ", code("job_id"), ", to be followed at ", code("/api/jobs/{id}/"), " and ", code("…/events/"), "."),
      ...fact("Repeating", "A POST with an ", code("Idempotency-Key"), " is done once, however often it is sent."),
      ...fact("Problems", "are ", code("application/problem+json"), " with a stable ", code("code"), ", a sentence, and ", code("errors"), " by JSON pointer."))),
    el("p.hint", {}, "Keys: / searches, ↑ ↓ move in the list, Ctrl + Enter sends."),
  ];
}

function currentView() {
  const name = location.hash.slice(1);
  const found = operations.find((one) => one.id === name);
  if (found) return operationView(found);
  if (name === "first-steps") return firstStepsView();
  if (name === "" && invitation() && !session.user()) return signUpView(invitation(), begin);
  if (name === "" && linked("verify")) return verifyView(linked("verify"), begin);
  if (name === "" && linked("reset")) return resetView(linked("reset"), begin);
  return overviewView();
}

function show() {
  replace(main, ...currentView());
  const heading = main.querySelector("h1")?.textContent ?? "";
  document.title = `${heading} · AfterResume API`;
  markCurrent();
  openMenu(false);
  window.scrollTo(0, 0);
}

// After sign-up: the code has done its work and leaves the address.
function begin() {
  history.replaceState(null, "", "/api/docs/#first-steps");
  show();
}

function openMenu(open) {
  document.documentElement.dataset.menu = open ? "open" : "";
  menu.setAttribute("aria-expanded", String(open));
}

function moveInList(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const links = [...groups.querySelectorAll("summary, details[open] a")];
  const next = links[links.indexOf(document.activeElement) + step] ?? (step < 0 ? search : null);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function showAccount() {
  document.documentElement.dataset.session = session.user() ? "yes" : "no";
  replace(document.getElementById("account"), ...accountBar());
}

function connect() {
  window.addEventListener("hashchange", () => { show(); main.focus({ preventScroll: true }); });
  search.addEventListener("input", listOperations);
  document.getElementById("contents").addEventListener("keydown", moveInList);
  menu.addEventListener("click", () => openMenu(menu.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") openMenu(false);
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.matches("input, textarea, select")) return;
    event.preventDefault();
    openMenu(true);
    search.focus();
  });
  let before = null;
  session.onChange((user) => {
    showAccount();
    const changed = (user?.id ?? null) !== before;
    before = user?.id ?? null;
    // A form that somebody is filling in stays as it is.
    if (changed && operations.length > 0 && !operations.some((one) => one.id === location.hash.slice(1))) show();
  });
}

async function start() {
  connect();
  showAccount();
  try {
    const [api] = await Promise.all([session.ask("GET", "/api/openapi.json"), session.resume()]);
    learn(api);
    operations = operationsOf(api);
    document.getElementById("version").textContent = api.info.version;
  } catch (problem) {
    replace(main, notice("bad", problem.message));
    return;
  }
  listOperations();
  show();
}

start();
