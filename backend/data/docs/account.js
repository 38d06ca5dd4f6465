// Signing in, signing up by an invitation, the links of mails, and signing out.
import { action, busy, copier, el, notice, replace } from "./dom.js";
import * as session from "./session.js";

const titles = { code: "The code", email: "The address", password: "The password", display_name: "The name", invitation: "The invitation", time_zone: "The time zone" };

// A labelled input with room for what is wrong with it.
function field(form, name, label, properties, about = "") {
  const id = `${form}-${name}`;
  const input = el("input", { id, name, required: true, "aria-describedby": `${id}-about ${id}-error`, ...properties });
  return el("div.field", {}, el("label", { htmlFor: id }, label), input, about ? el("p.hint", { id: `${id}-about` }, about) : null, el("p.field-error", { id: `${id}-error` }));
}

function clearProblem(form) {
  for (const place of form.querySelectorAll(".field-error")) place.textContent = "";
  for (const input of form.elements) input.removeAttribute("aria-invalid");
  form.querySelector(".form-problem").replaceChildren();
}

// Puts each of a problem's errors beside the field that it points at, and the rest above the button.
export function showProblem(form, problem) {
  const rest = [];
  for (const { pointer, message } of problem.errors ?? []) {
    const name = pointer.split("/")[1] ?? "";
    const input = form.elements.namedItem(name);
    const place = input && form.querySelector(`[id="${input.id}-error"]`);
    const sentence = `${titles[name] ?? name} ${message}.`;
    if (!place) { rest.push(sentence); continue; }
    place.textContent = sentence;
    input.setAttribute("aria-invalid", "true");
  }
  form.querySelector("[aria-invalid]")?.focus();
  if ((problem.errors ?? []).length === 0) rest.push(problem.message);
  if (rest.length > 0) replace(form.querySelector(".form-problem"), notice("bad", rest.join(" ")));
}

function accountForm(label, fields, work) {
  const button = el("button.primary", { type: "submit" }, label);
  const form = el("form.account-form", {
    onsubmit: (event) => {
      event.preventDefault();
      clearProblem(form);
      busy(button, async () => {
        try {
          await work(Object.fromEntries(new FormData(form)));
        } catch (problem) {
          showProblem(form, problem);
        }
      });
    },
  }, ...fields, el("div.form-problem"), button);
  return form;
}

// The second step of a sign-in.
function codeForm(step, done) {
  return accountForm("Go on", [
    field("code", "code", "Code", { type: "text", autocomplete: "one-time-code", inputMode: "text" }, "Of your authenticator, or one of your recovery codes."),
  ], async ({ code }) => {
    await session.signInByCode(step, code.trim());
    done();
  });
}

function forgotForm(email) {
  const state = el("div", { "aria-live": "polite" });
  const form = accountForm("Send me a link", [
    field("forgot", "email", "E-mail", { type: "email", autocomplete: "username", value: email }),
  ], async (values) => {
    await session.ask("POST", "/api/auth/password/forgot/", values);
    replace(state, notice("good", "If somebody has this address, a link to set a new password is on its way to it."));
  });
  return el("div", {}, form, state);
}

export function signInDialog() {
  const dialog = el("dialog", { "aria-labelledby": "sign-in-title", onclose: () => dialog.remove() });
  const place = el("div");
  const form = accountForm("Sign in", [
    field("sign-in", "email", "E-mail", { type: "email", autocomplete: "username", autofocus: true }),
    field("sign-in", "password", "Password", { type: "password", autocomplete: "current-password" }),
  ], async ({ email, password }) => {
    const step = await session.signIn(email, password);
    if (step) replace(place, codeForm(step, () => dialog.close()));
    else dialog.close();
  });
  const forgot = action(".quiet", "Forgot password", () => replace(place, forgotForm(form.elements.namedItem("email").value)));
  place.append(form, forgot);
  dialog.append(el("h2", { id: "sign-in-title" }, "Sign in"), place, action(".quiet", "Cancel", () => dialog.close()));
  document.body.append(dialog);
  dialog.showModal();
}

// The form behind an invitation's link.
export function signUpView(code, done) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const state = el("div", { "aria-live": "polite" });
  const form = accountForm("Create my account", [
    field("sign-up", "display_name", "Your name", { type: "text", autocomplete: "name", maxLength: 100 }, "As it should stand on your résumé."),
    field("sign-up", "email", "E-mail", { type: "email", autocomplete: "username", maxLength: 254 }),
    field("sign-up", "password", "Password", { type: "password", autocomplete: "new-password", minLength: 10 }, "At least 10 characters that nobody would guess."),
  ], async (values) => {
    await session.signUp({ ...values, invitation: code, time_zone: zone });
    done();
  });
  session.call("GET", `/api/invitations/check/?code=${encodeURIComponent(code)}`).then((answer) => {
    if (answer.ok && answer.json()?.usable === false) replace(state, notice("bad", "This invitation has been used or has expired. Ask for a new one, or sign in if it was you."));
  }, () => {});
  return [
    el("header.head", {}, el("h1", {}, "Welcome to AfterResume"),
      el("p.lead", {}, "Write a line or two a day about your work. Skills, reports and a résumé grow out of it, and every line can show what it rests on.")),
    el("section.card.narrow", {}, el("h2", {}, "Create your account"), state, form,
      el("p.hint", {}, `Your invitation is filled in already. Days will be counted in ${zone}, which you can change later.`)),
  ];
}

// What a mail's link leads to: the address is proven at once.
export function verifyView(code, done) {
  const state = el("div", { "aria-live": "polite" }, el("p.hint", {}, "One moment…"));
  session.ask("POST", "/api/auth/email/verify/", { code }).then(
    () => replace(state, notice("good", "Your address is confirmed."), action(".primary", "Go on", done)),
    (problem) => replace(state, notice("bad", problem.message)),
  );
  return [el("header.head", {}, el("h1", {}, "Your e-mail address")), el("section.card.narrow", {}, state)];
}

// What the link in a mail about a forgotten password leads to.
export function resetView(code, done) {
  const form = accountForm("Set the password", [
    field("reset", "password", "New password", { type: "password", autocomplete: "new-password", minLength: 10 }, "At least 10 characters that nobody would guess."),
  ], async ({ password }) => {
    await session.ask("POST", "/api/auth/password/reset/", { code, password });
    done();
    signInDialog();
  });
  return [
    el("header.head", {}, el("h1", {}, "A new password")),
    el("section.card.narrow", {}, form, el("p.hint", {}, "Wherever you are signed in now, you will have to sign in again.")),
  ];
}

export function accountBar() {
  const user = session.user();
  if (!user) return [action(".primary", "Sign in", signInDialog)];
  const about = `${user.email} · ${user.role} in ${user.tenant_name}`;
  return [
    el("a.quiet.steps-link", { href: "#first-steps" }, "First steps"),
    el("span.who", { title: about }, user.display_name),
    copier("Copy token", () => session.token() ?? ""),
    action(".quiet.small", "Sign out", () => session.signOut()),
  ];
}
