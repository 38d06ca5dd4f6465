// Who is signed in, and calls on their behalf. The access token lives in this module's memory and nowhere else; the
// refresh token is a cookie that scripts cannot read.

const refreshPath = "/api/auth/token/refresh/";
// Says only that there may be a refresh cookie, so that a first visit asks for nothing in vain.
const hint = "afterresume.signed-in";

let grant = null;
let timer = 0;
let refreshing = null;
const listeners = new Set();

export const user = () => grant?.user ?? null;
export const token = () => grant?.access_token ?? null;
export const onChange = (listener) => listeners.add(listener);

// What went wrong, as problem+json tells it.
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `The server answered ${status}.`);
    this.status = status;
    this.code = body.code || "";
    this.errors = body.errors || [];
  }
}

function become(next) {
  grant = next;
  clearTimeout(timer);
  localStorage.setItem(hint, grant ? "yes" : "");
  if (grant) timer = setTimeout(refresh, Math.max(5, grant.expires_in - 60) * 1000);
  for (const listener of listeners) listener(user());
}

// Any request; answers { status, ok, headers, text, blob(), json(), milliseconds } and throws only when there is no answer.
export async function call(method, path, { body, headers = {}, again = true } = {}) {
  const sent = { Accept: "application/json, */*;q=0.5", ...headers };
  if (token()) sent.Authorization = `Bearer ${token()}`;
  if (body !== undefined) sent["Content-Type"] = "application/json";
  const begun = performance.now();
  let response;
  try {
    response = await fetch(path, { method, headers: sent, body, cache: "no-store" });
  } catch {
    throw new Problem(0, { detail: "The server cannot be reached. Is it still running?" });
  }
  if (response.status === 401 && again && token() && path !== refreshPath && await refresh()) {
    return call(method, path, { body, headers, again: false });
  }
  const bytes = await response.blob();
  const type = response.headers.get("Content-Type") || "";
  const text = /json|text|xml/.test(type) ? await bytes.text() : null;
  return {
    status: response.status, ok: response.ok, headers: response.headers, type, bytes, text,
    milliseconds: performance.now() - begun,
    json: () => { try { return JSON.parse(text); } catch { return null; } },
  };
}

// A call that is expected to succeed; answers its JSON, throws Problem.
export async function ask(method, path, value) {
  const answer = await call(method, path, { body: value === undefined ? undefined : JSON.stringify(value) });
  if (!answer.ok) throw new Problem(answer.status, answer.json() ?? {});
  return answer.json();
}

// Answers the token of the second step where the account has a second factor, else nothing.
export async function signIn(email, password) {
  const answer = await ask("POST", "/api/auth/login/", { email, password });
  if (answer.mfa_required) return answer.mfa_token;
  become(answer);
  return null;
}
export async function signInByCode(mfa_token, code) { become(await ask("POST", "/api/auth/mfa/", { mfa_token, code })); }
export async function signUp(wanted) { become(await ask("POST", "/api/auth/signup/", wanted)); }

export async function signOut() {
  try {
    await ask("POST", "/api/auth/logout/");
  } finally {
    become(null);
  }
}

// True when there is a new access token. Callers at the same time share one request.
export function refresh() {
  refreshing ??= renew().finally(() => { refreshing = null; });
  return refreshing;
}

// One tab at a time: each then finds the cookie that the one before it was given.
function renew() {
  return navigator.locks ? navigator.locks.request(hint, renewAlone) : renewAlone();
}

async function renewAlone() {
  try {
    become(await ask("POST", refreshPath));
    return true;
  } catch (problem) {
    if (problem.status === 401) become(null);
    else if (grant) timer = setTimeout(refresh, 15_000);
    return false;
  }
}

export async function resume() {
  if (localStorage.getItem(hint)) await refresh();
}
