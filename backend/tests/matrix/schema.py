"""What an answer says beyond or against its schema: the part of JSON Schema that the document uses."""

TYPES = {"null": type(None), "string": str, "boolean": bool, "array": list, "object": dict}


class Document:
    def __init__(self, json):
        self.json = json

    def operations(self):
        for path, methods in self.json["paths"].items():
            for method, operation in methods.items():
                yield f"{method.upper()} {path}", operation

    def resolved(self, schema):
        while "$ref" in schema:
            found = self.json
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        return schema

    def faults(self, value, schema, at=""):
        schema = self.resolved(schema)
        for choices in (schema.get("anyOf"), schema.get("oneOf")):
            if choices:
                return [] if any(not self.faults(value, choice) for choice in choices) else [f"{at} fits no choice"]
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if kinds and not any(is_a(value, kind) for kind in kinds):
            return [f"{at} is no {kinds}"]
        if isinstance(value, list) and "items" in schema:
            return [fault for i, item in enumerate(value) for fault in self.faults(item, schema["items"], f"{at}/{i}")]
        return self.faults_of_object(value, schema, at) if isinstance(value, dict) else []

    def faults_of_object(self, value, schema, at):
        found = [f"{at}/{name} is missing" for name in schema.get("required", []) if name not in value]
        rest = schema.get("additionalProperties", True)
        for name, inner in value.items():
            if name in schema.get("properties", {}):
                found += self.faults(inner, schema["properties"][name], f"{at}/{name}")
            elif rest is False:
                found.append(f"{at}/{name} is not described")
            elif isinstance(rest, dict):
                found += self.faults(inner, rest, f"{at}/{name}")
        return found

    def closed_objects(self, value, schema, at=()):
        """Where in a body there are objects that take described fields alone: (path, names of those)"""
        schema = self.resolved(schema)
        if isinstance(value, list):
            for i, item in enumerate(value):
                yield from self.closed_objects(item, schema.get("items", {}), (*at, i))
        elif isinstance(value, dict):
            known = schema.get("properties", {})
            if schema.get("additionalProperties") is False:
                yield at, set(known)
            for name, inner in value.items():
                yield from self.closed_objects(inner, known.get(name, {}), (*at, name))


def with_more(value, path, names):
    """A copy of a body with these names in the object at that path."""
    if not path:
        return {**value, **dict.fromkeys(names, 1)}
    inner = with_more(value[path[0]], path[1:], names)
    if isinstance(value, list):
        return [inner if i == path[0] else item for i, item in enumerate(value)]
    return {**value, path[0]: inner}


def is_a(value, kind):
    if kind in ("integer", "number"):
        return isinstance(value, int if kind == "integer" else (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[kind])
