"""What ``--help`` needs of a command: its signature and docstring, without importing what only its body uses.

Nearly all of a command's start is imports, and a body may need Temporal, the models and the solver. The lazy imports of
Python 3.15 will make this module superfluous.
"""

import ast
from collections.abc import Collection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def declarations(module: str, names: Collection[str]) -> dict[str, Any]:
    """Return what a module of ours binds to names, having run only the statements that this takes.

    Functions have no bodies: they can be described and not called.
    """
    file, needed = _file(module), set(names)
    namespace: dict[str, Any] = {"__name__": module, "__file__": str(file)}
    kept: list[ast.stmt] = []
    # Backward, because a name is bound above where it is used.
    for statement in reversed(ast.parse(file.read_text()).body):
        if isinstance(statement, ast.Import | ast.ImportFrom):
            statement.names = [alias for alias in statement.names if (alias.asname or alias.name) in needed]
            if not statement.names:
                continue
            if isinstance(statement, ast.ImportFrom) and _file(str(statement.module)).exists():
                found = declarations(str(statement.module), [alias.name for alias in statement.names])
                namespace |= {alias.asname or alias.name: found[alias.name] for alias in statement.names}
            else:
                kept.append(statement)
        elif not needed.isdisjoint(_binds(statement)):
            if isinstance(statement, Function):
                _remove_body(statement)
            needed |= _names_in(statement)
            kept.append(statement)
    exec(compile(ast.Module(kept[::-1], []), file, "exec"), namespace)  # noqa: S102 - our own module's code
    return namespace


def _file(module: str) -> Path:
    return ROOT.joinpath(*module.split(".")).with_suffix(".py")


def _binds(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds, and those to which it adds something, as a decorator does to a Typer."""
    if isinstance(statement, ast.ClassDef):
        return {statement.name}
    if isinstance(statement, Function):
        return {statement.name}.union(*map(_names_in, statement.decorator_list))
    if isinstance(statement, ast.Expr):
        return _names_in(statement)
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _names_in(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _remove_body(function: Function) -> None:
    function.body = [ast.Expr(ast.Constant(ast.get_docstring(function, clean=False) or ""))]
    ast.fix_missing_locations(function)
