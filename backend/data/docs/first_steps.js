// The first five minutes: write something down, see what it shows, get a résumé. Each step is a real call.
import { action, busy, el, notice, replace, save } from "./dom.js";
import { showProblem } from "./account.js";
import { nameOf } from "./operation.js";
import * as session from "./session.js";

const over = new Set(["success", "failed", "cancelled"]);
const pause = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

// Shows a job in `into` until it has ended or the person has gone elsewhere; answers the job.
async function follow(id, into) {
  const state = el("span.status.odd", {}, "queued");
  const bar = el("progress", { max: 100, value: 0, "aria-label": "Progress" });
  const message = el("span.hint", {});
  replace(into, el("p.job", {}, state, bar, message));
  for (let wait = 150; ; wait = Math.min(1500, wait * 1.4)) {
    const job = await session.ask("GET", `/api/jobs/${id}/`);
    state.textContent = job.status;
    state.className = `status ${job.status === "success" ? "good" : over.has(job.status) ? "bad" : "odd"}`;
    bar.value = job.status === "success" ? 100 : job.progress;
    message.textContent = job.error?.message ?? job.progress_message ?? job.type;
    if (over.has(job.status) || !into.isConnected) return job;
    await pause(wait);
  }
}

const guarded = (into, work) => async () => {
  try {
    await work();
  } catch (problem) {
    replace(into, notice("bad", problem.message));
  }
};

function step(number, title, about, ...content) {
  return el("section.card.step", { "aria-label": title }, el("span.badge", { "aria-hidden": "true" }, String(number)),
    el("h2", {}, title), el("p", {}, about), ...content);
}

function writeStep(written) {
  const progress = el("div", { "aria-live": "polite" });
  const button = el("button.primary", { type: "submit" }, "Write it down");
  const area = (name, label, rows, placeholder, required) => el("div.field", {},
    el("label", { htmlFor: `entry-${name}` }, label),
    el("textarea", { id: `entry-${name}`, name, rows, placeholder, required }), el("p.field-error", { id: `entry-${name}-error` }));
  const submit = async () => {
    const values = Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim() !== ""));
    try {
      const entry = await session.ask("POST", "/api/worklogs/", values);
      form.reset();
      const kept = el("div");
      replace(progress, notice("good", `Kept as entry ${entry.id}, dated ${entry.occurred_on}.`), kept);
      if (entry.job_ids?.length > 0) await follow(entry.job_ids[0], kept);
      written();
    } catch (problem) {
      showProblem(form, problem);
    }
  };
  const form = el("form", { onsubmit: (event) => { event.preventDefault(); busy(button, submit); } },
    area("content", "What did you do?", 3, "Moved our PostgreSQL backups to WAL archiving with pgBackRest.", true),
    area("outcome", "What did it change? Best with a number.", 2, "A restore takes 9 minutes instead of 2 hours.", false),
    el("div.form-problem"), button);
  return step(1, "Write down something you did", "One or two sentences are enough.", form, progress);
}

function skillChip(skill) {
  const title = `Level ${skill.level} of 5, ${skill.evidence_count} passages`;
  return el("li.chip", { title }, skill.name, " ", el("span.hint", {}, `${skill.level}/5 · ${skill.evidence_count}×`));
}

function skillStep() {
  const found = el("div", { "aria-live": "polite" });
  const list = async () => {
    const { items } = await session.ask("GET", "/api/skills/?page_size=30");
    replace(found, items.length > 0 ? el("ul.chips", {}, ...items.map(skillChip)) : el("p.hint", {}, "None yet. Names of tools, languages and methods are what is looked for."));
    return items.length;
  };
  // Skills are looked for by a job of their own, shortly after an entry was analysed.
  const listSoon = guarded(found, async () => {
    const before = await list();
    for (let turn = 0; turn < 6 && found.isConnected; turn += 1) {
      await pause(700);
      if (await list() > before) return;
    }
  });
  const node = step(2, "See what it shows", "Skills found in your log, each with its level and the number of passages that show it.",
    found, action("", "Look again", guarded(found, list)));
  guarded(found, list)();
  return { node, listSoon };
}

const verdicts = { verified: ["✓", "Its evidence says all of it"], edited: ["✎", "In your own words"], unverified: ["?", "Something in it is in no evidence; it is left out of exports"] };

function resumeView(report) {
  const lines = (section) => section.lines.filter((line) => line.text).map((line) => {
    const [sign, meaning] = verdicts[line.verdict] ?? ["", ""];
    return el("li", {}, el(`span.verdict.${line.verdict}`, { title: meaning, "aria-label": line.verdict, role: "img" }, sign), ` ${line.text} `,
      el("span.hint", {}, `rests on ${line.evidence.length} ${line.evidence.length === 1 ? "source" : "sources"}`));
  });
  return el("div.resume", {}, el("h3", {}, report.title),
    ...report.content.sections.filter((section) => section.lines.length > 0).flatMap((section) => [section.heading && el("h4", {}, section.heading), el("ul", {}, ...lines(section))]));
}

async function download(id, format) {
  const answer = await session.call("GET", `/api/reports/${id}/export/?format=${format}`);
  if (!answer.ok) throw new session.Problem(answer.status, answer.json() ?? {});
  save(answer.bytes, nameOf(answer));
}

function resumeStep() {
  const progress = el("div", { "aria-live": "polite" });
  const result = el("div");
  const show = async () => {
    const report = await session.ask("GET", "/api/resume/");
    const button = (label, format) => action("", label, guarded(progress, () => download(report.id, format)));
    replace(result, el("div.row", {}, button("Download PDF", "pdf"), button("HTML", "html"), button("JSON Resume", "json")), resumeView(report));
  };
  const refresh = guarded(progress, async () => {
    const { job_id: id } = await session.ask("POST", "/api/resume/refresh/");
    const job = await follow(id, progress);
    if (job.status === "success") await show();
  });
  guarded(progress, async () => {
    const { items } = await session.ask("GET", "/api/reports/?kind=resume&page_size=1");
    if (items.length > 0) await show();
  })();
  return step(3, "Take your résumé with you", "Written from your log and profile. ✓ marks a line whose every number and name stands in what it rests on.",
    action(".primary", "Bring my résumé up to date", refresh), progress, result);
}

export function firstStepsView() {
  const user = session.user();
  if (!user) return [el("header.head", {}, el("h1", {}, "First steps"), el("p.lead", {}, "Sign in to begin."))];
  const skills = skillStep();
  return [
    el("header.head", {}, el("h1", {}, `Good to see you, ${user.display_name}`), el("p.lead", {}, "Three steps, a few minutes.")),
    writeStep(skills.listSoon), skills.node, resumeStep(),
    el("p.hint", {}, "More at once: import months of notes with POST /api/worklogs/bulk/ or `afterresume import FILE`; tell your positions and education with PUT /api/profile/resume-json/."),
  ];
}
