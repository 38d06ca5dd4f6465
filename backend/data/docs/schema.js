// What a JSON Schema of the API's document says, for people: types, limits, and an example that keeps to them.

let schemas = {};
export const learn = (api) => { schemas = api.components?.schemas ?? {}; };

export function resolve(schema) {
  if (schema?.$ref) return schemas[schema.$ref.split("/").pop()] ?? {};
  if (schema?.anyOf) return resolve(schema.anyOf.find((one) => one.type !== "null"));
  return schema ?? {};
}

const types = (schema) => [resolve(schema).type ?? []].flat().filter((type) => type !== "null");
export const typeOf = (schema) => types(schema)[0] ?? "any";

export function typeLabel(schema) {
  const whole = resolve(schema);
  const type = typeOf(schema);
  if (type === "array") return `list of ${typeLabel(whole.items)}`;
  return whole.format && whole.format !== "int64" ? whole.format : type;
}

export function limits(schema) {
  const whole = resolve(schema);
  const between = (low, high, unit) => {
    if (low === undefined && high === undefined) return null;
    const number = (value) => value.toLocaleString("en");
    if (low === undefined) return `at most ${number(high)}${unit}`;
    if (high === undefined) return `at least ${number(low)}${unit}`;
    return `${number(low)} to ${number(high)}${unit}`;
  };
  return [
    between(whole.minLength, whole.maxLength, " characters"),
    between(whole.minItems, whole.maxItems, " items"),
    typeOf(schema) === "array" && whole.items?.maxLength ? `each at most ${whole.items.maxLength} characters` : null,
    between(whole.minimum, whole.maximum > 2 ** 40 ? undefined : whole.maximum, ""),
    whole.enum ? whole.enum.filter((one) => one !== null).join(" · ") : null,
  ].filter(Boolean);
}

const today = () => new Intl.DateTimeFormat("sv-SE").format(new Date());
const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

// Words that make an example read like a request; a field that is not here and not required is left out.
const words = {
  content: "Moved the nightly export to a queue; it now resumes where it stopped.",
  outcome: "Cut its run time from 50 to 12 minutes.",
  tags: ["backend"],
  items: [{ content: "Reviewed the rollout plan and found a missing index." }],
  title: "Resumable nightly export",
  name: "Nimbus Tools",
  email: "ada@example.com",
  display_name: "Ada Example",
  basics: { name: "Ada Example", label: "Software Engineer" },
  institution: "Example University",
  organization: "Example Association",
  language: "German",
  fluency: "Fluent",
  hidden: true,
};

export function example(schema, name = "", depth = 0) {
  const whole = resolve(schema);
  if (whole.enum) return whole.enum[0];
  const type = typeOf(schema);
  if (type === "object") return exampleObject(whole, depth);
  if (type === "array") return words[name] && Array.isArray(words[name]) ? words[name] : [example(whole.items, "", depth + 1)];
  if (name in words && typeof words[name] === type) return words[name];
  if (type === "integer" || type === "number") return Math.max(1, whole.minimum ?? 1);
  if (type === "boolean") return true;
  if (type === "any") return {};
  const formats = { date: today, "date-time": () => new Date().toISOString(), email: () => words.email, "time-zone": zone, uri: () => "https://example.com/", uuid: () => "00000000-0000-4000-8000-000000000000" };
  return formats[whole.format]?.() ?? "";
}

const fits = (name, schema) =>
  name in words && (Array.isArray(words[name]) ? "array" : typeof words[name]) === typeOf(schema);

function exampleObject(whole, depth) {
  if (!whole.properties) return depth === 0 ? { basics: words.basics } : {};
  const properties = Object.entries(whole.properties);
  const required = new Set(whole.required ?? []);
  const chosen = properties.filter(([name, schema]) => required.has(name) || (depth < 2 && fits(name, schema)));
  const shown = chosen.length > 0 ? chosen : properties.filter(([name]) => name !== "extra").slice(0, 1);
  return Object.fromEntries(shown.map(([name, schema]) => [name, example(schema, name, depth + 1)]));
}
