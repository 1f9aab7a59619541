"""Holds JSON against the schemas in the folder Schemas, and writes the pages that explain them.

    schemas.py validate    [{"form", "name", "file"}] on standard input: every document in the files is valid
    schemas.py mutate      the same: no document stays valid when one member is left out, added, or of another type
    schemas.py lint        the schemas are well-formed, strict and described
    schemas.py page FORM   prints the page of a form; examples on standard input, one a line

The first three print a JSON array of what is wrong. A file holds one document, or one a line.
"""

import copy
import json
import pathlib
import sys

import jsonschema

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Schemas"
FORMS = ["report", "event", "packet", "check", "extract"]


def load(name):
    return json.loads((FOLDER / name).read_text())


def validator(form):
    path = FOLDER / f"{form}-1.schema.json"
    schema = load(path.name)
    return jsonschema.Draft202012Validator(
        schema,
        resolver=jsonschema.RefResolver(path.as_uri(), schema),
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )


def documents(file):
    text = pathlib.Path(file).read_text()
    try:
        return [json.loads(text)]
    except ValueError:
        return [json.loads(line) for line in text.splitlines()]


def validate(inputs):
    validators = {form: validator(form) for form in FORMS}
    problems = []
    for item in inputs:
        found = documents(item["file"])
        if not found:
            problems.append(f"{item['name']}: no document")
        for number, document in enumerate(found, 1):
            error = jsonschema.exceptions.best_match(validators[item["form"]].iter_errors(document))
            if error:
                problems.append(f"{item['name']}, document {number}: {error.json_path}: {error.message[:300]}")
    return problems


def values(document, path=()):
    """Every value of a document, with the way to it."""
    yield path, document
    if isinstance(document, dict):
        for key, value in document.items():
            yield from values(value, path + (key,))
    elif isinstance(document, list):
        for index, value in enumerate(document[:1]):
            yield from values(value, path + (index,))


def changed(document, path, change):
    """A copy of a document in which the value at a path is changed in its container."""
    result = copy.deepcopy(document)
    container = result
    for key in path[:-1]:
        container = container[key]
    change(container, path[-1])
    return result


def replace_with(value):
    def change(container, key):
        container[key] = value

    return change


def delete(container, key):
    del container[key]


def add(container, key):
    container[key]["unforeseen"] = None


def changes(document):
    for path, value in values(document):
        if not path:
            continue
        if isinstance(path[-1], str):
            yield path, "left out", changed(document, path, delete)
        if isinstance(value, dict):
            yield path, "with another member", changed(document, path, add)
        stranger = 0 if isinstance(value, (str, dict, list, bool)) or value is None else "0"
        stranger = {} if value is None else stranger
        yield path, f"{stranger!r} instead", changed(document, path, replace_with(stranger))


def mutate(inputs):
    problems = []
    for item in inputs:
        check = validator(item["form"])
        seen = 0
        for document in documents(item["file"]):
            for path, what, change in changes(document):
                seen += 1
                if check.is_valid(change):
                    problems.append(f"{item['name']}: {'.'.join(map(str, path))} {what} is accepted")
        if seen < 20:
            problems.append(f"{item['name']}: only {seen} changes were tried")
    return problems


def objects(node, path=""):
    """Every schema of an object in a schema file."""
    if isinstance(node, dict):
        if "properties" in node and node.get("type") == "object":
            yield path, node
        for key, value in node.items():
            yield from objects(value, f"{path}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from objects(value, f"{path}/{index}")


def lint():
    problems = []
    for path in sorted(FOLDER.glob("*.json")):
        schema = load(path.name)
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
        except jsonschema.SchemaError as error:
            problems.append(f"{path.name}: {error.message}")
        for place, node in objects(schema):
            members = node["properties"]
            # Conditions name members without declaring them.
            if place.rsplit("/", 1)[-1] in ("if", "then", "else") or "/allOf/" in place:
                continue
            if node.get("additionalProperties") is not False:
                problems.append(f"{path.name}{place} admits other members")
            if set(node.get("required", [])) != set(members):
                problems.append(f"{path.name}{place}: not every member is required")
            for name, member in members.items():
                if "description" not in resolved(path.name, member):
                    problems.append(f"{path.name}{place}: {name} is not described")
    return problems


# The pages.


def target(file, reference):
    """The schema that a reference leads to, and the file that it is in."""
    name, _, pointer = reference.partition("#")
    file = name or file
    node = load(file)
    for key in pointer.strip("/").split("/"):
        node = node[key]
    return file, node


def resolved(file, member):
    """A member, or the schema that its reference leads to where it says nothing itself."""
    if set(member) == {"$ref"}:
        return target(file, member["$ref"])[1]
    return member


def kind(file, node, links):
    """What a value may be, in a few words."""
    if "$ref" in node:
        where, found = target(file, node["$ref"])
        title = found.get("title")
        if title in links:
            return f"[{title}](#{anchor(title)})"
        return title or kind(where, found, links)
    if "const" in node:
        return f"`{node['const']}`"
    if "enum" in node:
        return ", ".join("null" if word is None else f"`{word}`" for word in node["enum"])
    if "anyOf" in node:
        return " or ".join(kind(file, choice, links) for choice in node["anyOf"])
    types = node["type"] if isinstance(node["type"], list) else [node["type"]]
    words = {"string": "text", "boolean": "true or false", "integer": "integer"}
    if types == ["array"]:
        return f"array of {kind(file, node['items'], links)}"
    if types == ["integer"] and "maximum" in node:
        return f"{node['minimum']} to {node['maximum']}"
    return " or ".join(words.get(name, name) for name in types)


def anchor(title):
    return title.lower().replace(" ", "-")


def tables(file, node, seen):
    """The objects of a form in the order in which they are met, each with its file."""
    if isinstance(node, list):
        for child in node:
            tables(file, child, seen)
    elif isinstance(node, dict):
        if "$ref" in node:
            where, found = target(file, node["$ref"])
            if found.get("title") not in seen:
                if found.get("type") == "object":
                    seen[found["title"]] = (where, found)
                tables(where, found, seen)
        for key in ("properties", "items", "anyOf", "oneOf"):
            child = node.get(key)
            tables(file, list(child.values()) if key == "properties" and child else child, seen)


def table(file, node, links):
    lines = ["| member | value | meaning |", "|---|---|---|"]
    for name, member in node["properties"].items():
        meaning = resolved(file, member)["description"]
        lines.append(f"| `{name}` | {kind(file, member, links)} | {meaning} |")
    return "\n".join(lines)


def cut(value):
    """A document with the first element of each array only."""
    if isinstance(value, dict):
        return {key: cut(child) for key, child in value.items()}
    if isinstance(value, list):
        return [cut(child) for child in value[:1]]
    return value


def page(form, examples):
    file = f"{form}-1.schema.json"
    schema = load(file)
    seen = {}
    tables(file, {key: schema[key] for key in ("$ref", "oneOf") if key in schema}, seen)
    parts = [
        f"# The JSON of {schema['title']}",
        schema["description"],
        f"`Schemas/{file}` is the same as JSON Schema. Every member is always there, and is `null` where it is not known. "
        "Later versions may add members, and words to a list of words; they take none away and change none. "
        "This page is written from the schema: `VRRPWATCH_REWRITE=1 swift test --filter SchemaTests`.",
    ]
    for title, (where, node) in seen.items():
        parts.append(f"## {title}")
        if "description" in node:
            parts.append(node["description"])
        parts.append(table(where, node, seen))
    parts.append("## Values")
    common = load("common-1.schema.json")["$defs"]
    words = [node for node in common.values() if "title" in node and "description" in node and node.get("type") != "object"]
    used = "\n".join(parts)
    rows = [f"| {node['title']} | {node['description']} |" for node in words if f"{node['title']}" in used]
    parts.append("\n".join(["| value | meaning |", "|---|---|"] + list(dict.fromkeys(rows))))
    parts.append("## Example")
    parts.append("Real output, with the first element of each array only.")
    for example in examples:
        parts.append("```json\n" + json.dumps(cut(example), indent=2, ensure_ascii=False) + "\n```")
    return "\n\n".join(parts)


def main():
    command = sys.argv[1]
    if command == "lint":
        print(json.dumps(lint()))
    elif command == "page":
        print(page(sys.argv[2], [json.loads(line) for line in sys.stdin if line.strip()]))
    else:
        print(json.dumps({"validate": validate, "mutate": mutate}[command](json.load(sys.stdin))))


main()
