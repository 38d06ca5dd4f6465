// One operation: what it does, a form to fill in, and what the server answered.
import { action, busy, coloured, copier, el, notice, replace, save } from "./dom.js";
import { example, limits, resolve, typeLabel, typeOf } from "./schema.js";
import * as session from "./session.js";

// What was learned from answers: the last ETag of each address, and an id to try under each list.
const etags = new Map();
const ids = new Map();

const tellingHeaders = ["Content-Type", "ETag", "Location", "X-Correlation-ID", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After", "Allow"];

export function operationView({ method, path, operation }) {
  const request = requestForm(method, path, operation);
  const answer = el("section.answer", { "aria-live": "polite", "aria-label": "Answer" });
  const send = el("button.primary", { type: "submit" }, "Send");
  const curl = el("pre.curl", { tabIndex: 0 });
  const showCurl = () => { curl.textContent = curlOf(request.read()); };
  const submit = (event) => {
    event.preventDefault();
    busy(send, () => perform(request, answer));
  };
  const form = el("form.request", { onsubmit: submit, oninput: showCurl, onkeydown: sendByKey },
    ...request.parts, el("div.row", {}, send, el("span.hint", {}, "Ctrl + Enter"),
      operation["x-permission"] && el("span.hint.signed-out", {}, "You are not signed in.")));
  showCurl();
  return [
    el("header.head", {},
      el("h1", {}, operation.summary),
      el("p.route", {}, el(`span.method.${method}`, {}, method.toUpperCase()), el("code", {}, path)),
      el("p.hint", {}, permissionText(operation["x-permission"]))),
    form,
    el("details.more", { open: true }, el("summary", {}, "The same with curl"), curl, copier("Copy", () => curl.textContent)),
    answer,
    ...answerSchemas(operation),
  ];
}

function permissionText(permission) {
  if (!permission) return "Anybody may call this; no sign-in is needed.";
  return `Needs sign-in and the permission “${permission}”.`;
}

function sendByKey(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
}

// The form's parts and read(), which gives the request that they describe.
function requestForm(method, path, operation) {
  const parameters = (operation.parameters ?? []).filter((one) => one.in !== "header").map((one) => parameterField(one, path));
  const body = bodyEditor(operation);
  const extra = headerFields(method, operation, () => address(path, parameters));
  const read = () => ({
    method,
    path: address(path, parameters),
    headers: extra.read(),
    body: body?.read(),
    list: path.split("{")[0],
    signed: Boolean(operation["x-permission"]),
  });
  const parts = [
    parameters.length > 0 && el("fieldset", {}, el("legend", {}, "Parameters"), el("div.fields-grid", {}, ...parameters.map((one) => one.node))),
    body?.node,
    extra.node,
  ].filter(Boolean);
  return { read, parts, problem: () => body?.problem() };
}

function address(path, parameters) {
  const query = new URLSearchParams();
  let filled = path;
  for (const { name, place, input } of parameters) {
    if (place === "path") filled = filled.replace(`{${name}}`, encodeURIComponent(input.value.trim()) || `{${name}}`);
    else if (input.value !== "") query.append(name, input.value);
  }
  return query.size > 0 ? `${filled}?${query}` : filled;
}

function parameterField(parameter, path) {
  const { name, in: place, schema } = parameter;
  const id = `parameter-${name}`;
  const required = place === "path";
  const input = parameterInput(resolve(schema), { id, name, required, "aria-describedby": `${id}-about` });
  if (required) input.value = ids.get(path.split("{")[0]) ?? "";
  const about = [parameter.description, ...limits(schema)].filter(Boolean).join(" · ");
  const node = el("div.field", {},
    el("label", { htmlFor: id }, el("code", {}, name), " ", el("span.type", {}, required ? "in the path" : typeLabel(schema))),
    input, el("p.hint", { id: `${id}-about` }, about));
  return { name, place, input, node };
}

function parameterInput(schema, properties) {
  const words = schema.enum ?? (typeOf(schema) === "boolean" ? ["true", "false"] : null);
  if (words) return el("select", properties, el("option", { value: "" }, "—"), ...words.filter((one) => one !== null).map((one) => el("option", { value: one }, one)));
  if (schema.format === "date") return el("input", { type: "date", ...properties });
  if (typeOf(schema) === "integer") return el("input", { type: "number", min: schema.minimum, max: schema.maximum, ...properties });
  return el("input", { type: "text", autocomplete: "off", spellcheck: false, ...properties });
}

function bodyEditor(operation) {
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  if (!schema) return null;
  const pretty = (value) => JSON.stringify(value, null, 2);
  const area = el("textarea.body", { id: "body", value: pretty(example(schema)), spellcheck: false, autocapitalize: "off", "aria-describedby": "body-problem" });
  const complaint = el("p.field-error", { id: "body-problem", role: "alert" });
  const problem = () => {
    try {
      JSON.parse(area.value);
      return "";
    } catch (failure) {
      return `This is not JSON yet: ${failure.message}.`;
    }
  };
  const set = (text) => {
    area.value = text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const fit = () => {
    complaint.textContent = problem();
    area.rows = Math.min(24, Math.max(8, area.value.split("\n").length + 3));
  };
  area.addEventListener("input", fit);
  fit();
  const add = (name, one) => {
    if (problem()) return area.focus();
    set(pretty({ ...JSON.parse(area.value), [name]: example(one, name, 1) }));
    return area.focus();
  };
  const file = el("input.offscreen", { type: "file", accept: ".json,application/json", tabIndex: -1, "aria-label": "JSON file", onchange: async () => { if (file.files[0]) set(await file.files[0].text()); } });
  const node = el("fieldset", {}, el("legend", {}, "Body"),
    el("div.split", {},
      el("div", {}, el("label", { htmlFor: "body" }, el("span.type", {}, "JSON")), area, complaint,
        el("div.row", {}, action(".quiet.small", "Example", () => set(pretty(example(schema)))), action(".quiet.small", "Open a file …", () => file.click()), file)),
      fieldList(schema, add)));
  return { node, problem, read: () => area.value };
}

// The members of an object: name, type, limits, sentence; nested ones folded. `add` puts one into the body.
function fieldList(schema, add = null, depth = 0) {
  const whole = resolve(schema);
  if (typeOf(schema) === "array") return fieldList(whole.items, null, depth);
  const properties = Object.entries(whole.properties ?? {});
  if (properties.length === 0) return el("p.hint", {}, "Any fields.");
  const required = new Set(add ? whole.required ?? [] : []);
  return el("ul.fields", {}, ...properties.map(([name, one]) => {
    const inner = typeOf(one) === "array" ? resolve(one).items : one;
    const nested = depth < 4 && resolve(inner).properties;
    return el("li", {},
      el("div.name", {}, el("code", {}, name), " ", el("span.type", {}, typeLabel(one)), required.has(name) ? el("span.needed", {}, "required") : null,
        add ? action(".quiet.small.add", "Add", () => add(name, one), { "aria-label": `Add ${name} to the body` }) : null),
      one.description ? el("p", {}, one.description) : null,
      limits(one).length > 0 ? el("p.hint", {}, limits(one).join(" · ")) : null,
      nested ? el("details", {}, el("summary", {}, "Its fields"), fieldList(inner, null, depth + 1)) : null);
  }));
}

function headerFields(method, operation, target) {
  const fields = [];
  const described = (operation.parameters ?? []).filter((one) => one.in === "header");
  if (described.some(({ name }) => name === "If-Match")) {
    const match = el("input", { type: "text", id: "if-match", placeholder: "taken from the last answer", spellcheck: false, autocomplete: "off" });
    fields.push({ header: "If-Match", input: match, value: () => match.value || etags.get(target().split("?")[0]), about: "Which version you saw. Left empty, the ETag of the last answer for this address is sent; * overwrites whatever is there." });
  }
  for (const { name, schema, description } of described.filter((one) => one.name !== "If-Match")) {
    const input = el("input", { type: "text", id: `header-${name}`, placeholder: "none", ...(schema.maxLength && { maxLength: schema.maxLength }), spellcheck: false, autocomplete: "off" });
    fields.push({ header: name, input, value: () => input.value, about: `Optional. ${description}.` });
  }
  const node = fields.length > 0 && el("details.more", { open: method !== "post" }, el("summary", {}, "Headers"), ...fields.map(({ header, input, about }) =>
    el("div.field", {}, el("label", { htmlFor: input.id }, el("code", {}, header)), input, el("p.hint", {}, about))));
  const read = () => Object.fromEntries(fields.map(({ header, value }) => [header, value()]).filter(([, value]) => value));
  return { node, read };
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function curlOf({ method, path, headers, body, signed }) {
  const lines = [`curl -sS -X ${method.toUpperCase()} ${quoted(location.origin + path)}`];
  if (signed) lines.push('-H "Authorization: Bearer $TOKEN"');
  for (const [name, value] of Object.entries(headers)) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (body !== undefined) lines.push("-H 'Content-Type: application/json'", `-d ${quoted(body)}`);
  return lines.join(" \\\n  ");
}

async function perform(request, into) {
  const complaint = request.problem();
  if (complaint) return replace(into, notice("bad", complaint));
  const { method, path, headers, body, list } = request.read();
  try {
    const answer = await session.call(method.toUpperCase(), path, { headers, body });
    remember(method, path, list, answer);
    return replace(into, ...answerView(answer, path));
  } catch (problem) {
    return replace(into, notice("bad", problem.message));
  }
}

function remember(method, path, list, answer) {
  if (!answer.ok) return;
  const place = answer.headers.get("Location");
  const plain = path.split("?")[0];
  const etag = answer.headers.get("ETag");
  if (etag) etags.set(place ?? plain, etag);
  if (method === "delete") etags.delete(plain);
  const value = answer.json();
  const id = value?.items?.[0]?.id ?? value?.id;
  if (id !== undefined && method !== "delete") ids.set(list, String(id));
  const job = value?.job_id ?? value?.job_ids?.[0];
  if (job) ids.set("/api/jobs/", job);
}

function answerView(answer, path) {
  const kind = answer.status < 300 ? "good" : answer.status < 500 ? "odd" : "bad";
  const size = answer.bytes.size < 10_000 ? `${answer.bytes.size} bytes` : `${Math.round(answer.bytes.size / 1024)} KB`;
  const value = answer.json();
  const text = value === null ? answer.text ?? "" : JSON.stringify(value, null, 2);
  const shown = tellingHeaders.filter((name) => answer.headers.has(name));
  const problem = answer.type.includes("problem+json") && value;
  return [
    el("h2", {}, "Answer ", el(`span.status.${kind}`, {}, String(answer.status)), el("span.hint", {}, ` ${Math.round(answer.milliseconds)} ms · ${size}`)),
    problem ? notice("bad", el("strong", {}, problem.detail || problem.title), ...(problem.errors ?? []).map((one) => el("span.line", {}, el("code", {}, one.pointer || "/"), ` ${one.message}`))) : null,
    shown.length > 0 ? el("dl.headers", {}, ...shown.flatMap((name) => [el("dt", {}, name), el("dd", {}, answer.headers.get(name))])) : null,
    text ? el("div.result", {}, value === null ? el("pre.json", { tabIndex: 0 }, text) : coloured(text), copier("Copy", () => text)) : null,
    answer.bytes.size > 0 && (answer.text === null || path.includes("/export/")) ? action(".quiet", "Save the file", () => save(answer.bytes, nameOf(answer))) : null,
  ].filter(Boolean);
}

export function nameOf(answer) {
  return /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "answer";
}

function answerSchemas(operation) {
  const successes = Object.entries(operation.responses ?? {}).filter(([code]) => code.startsWith("2"));
  return successes.map(([status, success], index) => {
    const [type, content] = Object.entries(success.content ?? {})[0] ?? [];
    const when = index > 0 ? `: ${success.description}` : "";
    if (!content?.schema) return el("p.hint", {}, `Answers ${status}${type ? ` with ${type}` : ""}${when}; problems come as application/problem+json.`);
    return el("details.more", {}, el("summary", {}, `What a ${status} answer holds${when}`), fieldList(content.schema));
  });
}
