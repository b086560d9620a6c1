# SPDX-License-Identifier: Apache-2.0
"""Who may include whom: core/LAYERS and nothing else. There is no list of exceptions."""

LAYERS_FILE = "core/LAYERS"
# The one header of the server that the command line may see: `railhub serve` is a command.
SERVE_HEADER = "server/serve.h"
_OUTSIDE_CORE = ("server/http", "server", "cli")
_PRODUCT = ("core", "server", "cli")


def read_layers(text):
    """{module: set of modules it may include}; raises ValueError on a line of another form."""
    layers = {}
    for number, line in enumerate(text.splitlines(), 1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        name, colon, allowed = line.partition(":")
        if not colon or name.strip() in layers:
            raise ValueError(f"{LAYERS_FILE}:{number}: expected 'module: modules', each module once")
        layers[name.strip()] = {word.strip() for word in allowed.split(",") if word.strip()}
    return layers


def module_of(path):
    """"util" for core/util/x.h, "server/http" for server/http/x.h; None outside the product."""
    parts = path.split("/")
    if parts[0] == "core" and len(parts) > 2:
        return parts[1]
    for name in _OUTSIDE_CORE:
        if path.startswith(name + "/"):
            return name
    return None


def find_cycle(graph):
    """A cycle as [a, b, ..., a], or []. Iterative: include graphs are deep."""
    done, path, on_path = set(), [], set()
    for start in sorted(graph):
        stack = [(start, None)]
        while stack:
            node, children = stack.pop()
            if children is None:
                if node in done or node in on_path:
                    continue
                path.append(node)
                on_path.add(node)
                children = iter(sorted(graph.get(node, ())))
            child = next(children, None)
            if child is None:
                done.add(node)
                on_path.discard(path.pop())
                continue
            if child in on_path:
                return path[path.index(child):] + [child]
            stack.append((node, children))
            stack.append((child, None))
    return []


def _check_include(include, module, layers, tree):
    target = module_of(include.target)
    if target is None or not tree.has(include.target):
        return None
    if "/detail/" in include.target and target != module:
        return f"{include}: '{include.target}' is a detail of '{target}'"
    if target == module:
        return None
    if module == "cli" and target.startswith("server"):
        if include.target == SERVE_HEADER:
            return None
        return f"{include}: of the server, cli may include {SERVE_HEADER} only, not '{include.target}'"
    if target not in layers[module]:
        return f"{include}: '{module}' may not include '{target}' ({LAYERS_FILE})"
    return None


def check(tree):
    try:
        layers = read_layers(tree.text(LAYERS_FILE))
    except ValueError as error:
        return [str(error)]
    problems = []
    for name, allowed in sorted(layers.items()):
        for unknown in sorted(allowed - set(layers)):
            problems.append(f"{LAYERS_FILE}:1: '{name}' names the unknown module '{unknown}'")
    cycle = find_cycle(layers)
    if cycle:
        problems.append(f"{LAYERS_FILE}:1: cycle of modules: {' -> '.join(cycle)}")
    graph = {}
    for path in tree.code(*_PRODUCT):
        module = module_of(path)
        if module not in layers:
            problems.append(f"{path}:1: '{module}' is not a module of {LAYERS_FILE}")
            continue
        includes = tree.includes(path)
        graph[path] = {i.target for i in includes if tree.has(i.target)}
        problems += filter(None, (_check_include(i, module, layers, tree) for i in includes))
    cycle = find_cycle(graph)
    if cycle:
        problems.append(f"{cycle[0]}:1: cycle of includes: {' -> '.join(cycle)}")
    return problems
